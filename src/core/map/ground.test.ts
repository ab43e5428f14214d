import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { pictureType, shapesOf } from './ground.ts'
import { degreesOf } from './place.ts'

describe('what a map is drawn upon', () => {
  it('is a picture by its bytes, and no drawing or document that could run anything', () => {
    assert.equal(pictureType(Buffer.from('89504e470d0a1a0a0000', 'hex')), 'image/png')
    assert.equal(pictureType(Buffer.from('ffd8ffe0', 'hex')), 'image/jpeg')
    assert.equal(pictureType(Buffer.from('RIFF\0\0\0\0WEBPVP8 ')), 'image/webp')
    for (const text of ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', '{}', '', 'GIF89a'])
      assert.equal(pictureType(Buffer.from(text)), undefined, text)
  })

  it('keeps lines and outlines of GeoJSON, and nothing else', () => {
    const line = [
      [-64, -31],
      [-65, -32, 500],
    ]
    const shapes = shapesOf({
      type: 'FeatureCollection',
      features: [
        { type: 'Feature', properties: { name: '<script>' }, geometry: { type: 'LineString', coordinates: line } },
        { type: 'Feature', geometry: null },
        { type: 'GeometryCollection', geometries: [{ type: 'Polygon', coordinates: [line] }] },
        { type: 'Point', coordinates: [0, 90] },
      ],
    })
    const kept = [
      [-64, -31],
      [-65, -32],
    ]
    assert.deepEqual(shapes, { lines: [kept], areas: [[kept]] })
    for (const wrong of [null, 7, {}, { type: 'Topology' }, { type: 'LineString', coordinates: [[181, 0]] }])
      assert.equal(shapesOf(wrong), undefined)
    let deep: unknown = { type: 'LineString', coordinates: line }
    for (let depth = 0; depth < 50; depth++) deep = { type: 'GeometryCollection', geometries: [deep] }
    assert.equal(shapesOf(deep), undefined)
    const many = Array.from({ length: 200_001 }, () => [0, 0])
    assert.equal(shapesOf({ type: 'LineString', coordinates: many }), undefined)
  })

  it('takes any JSON for shapes or for none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        shapesOf(value)
        shapesOf({ type: 'Feature', geometry: value })
        shapesOf({ type: 'Polygon', coordinates: value })
      }),
      { numRuns: 200 },
    )
  })
})

describe('degrees', () => {
  it('are read with a point, a comma or a side, and within what there is on earth', () => {
    const read = (['-31.42', '-31,42', '31.42 S', '31.42°S', '90', '-90'] as const).map((text) => degreesOf(text, 90))
    assert.deepEqual(read, [-31.42, -31.42, -31.42, -31.42, 90, -90])
    assert.equal(degreesOf('64.18 O', 180), -64.18)
    for (const wrong of ['', ' ', '91', '-90.01', 'x', '1e1', '1.2.3', 'NaN', 'Infinity', '--1', '31 42'])
      assert.equal(degreesOf(wrong, 90), undefined, wrong)
  })
})
