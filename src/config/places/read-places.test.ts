import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { loadConfigText } from '../load.ts'
import { readPlaces } from './read-places.ts'

const kml = (marks: string) =>
  `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${marks}</Document></kml>`
const mark = (name: string, coordinates: string) =>
  `<Placemark><name>${name}</name><Point><coordinates>${coordinates}</coordinates></Point></Placemark>`

/** An archive of one file, as zip programs write it. */
const archive = (name: string, content: Buffer) => {
  const packed = deflateRawSync(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(content.length, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(content.length, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end])
}

const placesIn = (bytes: Buffer | string) => {
  const read = readPlaces(Buffer.from(bytes as string))
  return read.ok ? read.places.map(({ name, lat, lon }) => [name, lat, lon]) : read.message
}

describe('places of a file', () => {
  it('come from a table, whichever way it is written', () => {
    assert.deepEqual(placesIn('name,lat,lon\nPOP-7,-31.4,-64.2\n"a, b",90,180\nempty,,\n'), [
      ['POP-7', -31.4, -64.2],
      ['a, b', 90, 180],
    ])
    assert.deepEqual(placesIn('Nombre;Latitud;Longitud\nNodo Ñ;-31,4;64,2 O'), [['Nodo Ñ', -31.4, -64.2]])
    assert.match(String(placesIn('name,lat,lon\nx,91,0')), /^Line 2: /)
    assert.match(String(placesIn('a,b\n1,2')), /^The first line names no columns/)
  })

  it('come from KML, and from KML in an archive', () => {
    const text = kml(
      `${mark('POP &amp; &#x41;', '-64.2,-31.4,0')}<Placemark><name>a line</name><LineString/></Placemark>${mark('<![CDATA[<b>]]>', '1,2')}${mark('off', '500,1')}`,
    )
    const places = [
      ['POP & A', -31.4, -64.2],
      ['<b>', 2, 1],
    ]
    assert.deepEqual(placesIn(text), places)
    assert.deepEqual(placesIn(archive('doc.kml', Buffer.from(text))), places)
  })

  it('do not come from what would become large, or is none', () => {
    const bomb = kml('').replace('<kml', '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">]><kml')
    assert.match(String(placesIn(bomb)), /neither a table nor a KML/)
    assert.match(String(placesIn(archive('doc.kml', Buffer.alloc(50_000_000)))), /holds no KML/)
    assert.match(String(placesIn(archive('doc.txt', Buffer.from(kml(''))))), /holds no KML/)
    assert.match(String(placesIn('<svg onload="x"/>')), /neither a table nor a KML/)
    const nested = kml('<Placemark><name '.repeat(20_000))
    assert.deepEqual(placesIn(nested), [])
  })

  it('are read or refused whatever the bytes are', () => {
    const whole = archive('doc.kml', Buffer.from(kml(mark('x', '1,2'))))
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat({ max: whole.length - 1 }),
        fc.nat({ max: 255 }),
        (bytes, at, byte) => {
          readPlaces(Buffer.from(bytes))
          const changed = Buffer.from(whole)
          changed[at] = byte
          readPlaces(changed)
          readPlaces(whole.subarray(0, at))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('places of monitors', () => {
  const load = (text: string, table = '') =>
    loadConfigText(text, 'vigia.yaml', {
      environment: {},
      probeTypes,
      channelTypes: new Map(),
      parseTarget,
      readFile: () => Buffer.from(table),
    })

  it('stand in the file, or in a table, which may leave them out', () => {
    const rows = 'name,host,lat,lon\na,10.0.0.1,-31.4,"-64,2"\nb,10.0.0.2,,\n'
    const loaded = load(
      'monitors: [{ from: t.csv, name: "{name}", type: icmp, options: { host: "{host}" }, lat: "{lat}", lon: "{lon}" }, { name: c, target: 10.0.0.3, lat: 90, lon: -180 }]',
      rows,
    )
    assert.ok(loaded.ok)
    assert.deepEqual(
      loaded.config.monitors.map(({ lat, lon }) => [lat, lon]),
      [
        [-31.4, -64.2],
        [undefined, undefined],
        [90, -180],
      ],
    )
  })

  it('are on earth, and both of them', () => {
    const loaded = load(
      'monitors: [{ name: c, target: 10.0.0.3, lat: 91, lon: 1 }, { name: d, target: 10.0.0.3, lat: 1 }]',
    )
    assert.ok(!loaded.ok)
    assert.deepEqual(
      loaded.problems.map(({ message }) => message),
      ['lat: 91 is no such number of degrees, write for example -31.42', 'lon: is missing, write for example -64.18'],
    )
  })
})
