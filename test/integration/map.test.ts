import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'

const base64 = (text: string | Buffer) => Buffer.from(text as string).toString('base64')
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(50, 1)])

onBothEngines((engine, databaseUrl) =>
  describe(`the map on ${engine}`, () => {
    let api: TestServer
    let skip: string | undefined
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      api = await startTestServer({
        ...(url !== undefined && { databaseUrl: url }),
        wanted: {
          channels: [],
          monitors: [
            fileMonitor('core', { labels: { site: 'centre' } }),
            fileMonitor('POP-7', { parents: [['core']], labels: { site: 'centre' } }),
            fileMonitor('cpe', { parents: [['POP-7']], labels: { site: 'south' } }),
          ],
        },
      })
    })
    after(async () => {
      await api?.stop()
    })
    const use = (title: string, test: () => Promise<void>) =>
      it(title, (context) => (skip === undefined ? test() : context.skip(skip)))
    const nodes = async () =>
      (await api.get('map')).nodes.map(({ name, place }: Json) => [name, place?.lat, place?.lon])
    const put = (body: object) => api.request('PUT', 'map/ground', body)

    use('is a tree until something has a place, and is in use from then on', async () => {
      const map = await api.get('map')
      assert.deepEqual([map.tree, map.ground, map.nodes.length, map.links.length], [true, null, 3, 2])
      assert.equal((await api.get('uses')).map, false)
      const wrong = await api.request('PUT', 'map/places', { items: [{ name: 'core', lat: 91, lon: 0 }] })
      assert.equal(wrong.status, 400)
      const poles = {
        items: [
          { name: 'core', lat: 90, lon: -180 },
          { name: 'nobody', lat: -90, lon: 180 },
        ],
      }
      assert.equal((await api.request('PUT', 'map/places', poles)).status, 200)
      assert.deepEqual(await nodes(), [['core', 90, -180]])
      assert.equal((await api.get('uses')).map, true)
    })

    use('takes places of a file for monitors and sites that it knows', async () => {
      const data = base64('name;lat;lon\ncore;-31,4;-64,2\nPOP-7;-31.5;-64.4\nsouth;-32;-64\nelsewhere;1;1')
      assert.deepEqual(await api.post('map/import', { data }), { placed: 3, unknown: ['elsewhere'], unknown_count: 1 })
      assert.deepEqual(await nodes(), [
        ['core', -31.4, -64.2],
        ['POP-7', -31.5, -64.4],
        ['south', -32, -64],
      ])
      assert.equal((await api.request('POST', 'map/import', { data: base64('<svg/>') })).status, 400)
      const asViewer = { authorization: `Bearer ${api.tokens.viewer}` }
      assert.equal((await api.request('POST', 'map/import', { data }, asViewer)).status, 403)
    })

    use('shows how what is reached through what does, and what an outage is about', async () => {
      const { id } = (await api.get('monitors')).items.find(({ name }: Json) => name === 'cpe')
      for (const name of ['core', 'POP-7', 'cpe']) await api.push(name)
      await api.push('POP-7', true)
      const map = await until(async () => {
        const seen = await api.get(`map?monitor=${id}`)
        return seen.links[0].state === 'down' && seen
      })
      assert.equal(map.focus, 'ssouth')
      assert.deepEqual(
        map.nodes.map(({ name, state }: Json) => [name, state]),
        [
          ['core', 'up'],
          ['POP-7', 'down'],
          ['south', 'up'],
        ],
      )
      await api.push('cpe', true)
      await until(async () => (await api.get('map')).nodes[2].state === 'cut_off')
      await api.remove('map/places/core')
      assert.equal((await nodes()).length, 2)
    })

    use('is drawn upon a picture or shapes of its own, and nothing that could run', async () => {
      for (const text of ['<svg onload="x"/>', '<!doctype html><script>', '{"type":"Topology"}', 'GIF89a', '%%%'])
        assert.equal((await put({ data: base64(text) })).status, 400, text)
      assert.equal((await put({ bounds: { south: 0, west: 0, north: 1, east: 1 } })).status, 404)
      const laid = await put({ data: base64(PNG), bounds: { south: -33, west: -65, north: -31, east: -63 } })
      assert.deepEqual([laid.body.kind, laid.body.type, laid.body.edition], ['picture', 'image/png', 1])
      const picture = await api.request('GET', 'map/ground')
      assert.equal(picture.headers.get('content-type'), 'image/png')
      assert.equal(picture.headers.get('x-content-type-options'), 'nosniff')
      assert.match(picture.headers.get('content-security-policy')!, /sandbox/)
      assert.equal((await put({ bounds: { south: 5, west: 0, north: 1, east: 1 } })).status, 400)
      assert.equal((await put({ bounds: { south: 0, west: 0, north: 1, east: 1 } })).body.bounds.east, 1)
      const line = {
        type: 'LineString',
        properties: { x: '<script>' },
        coordinates: [
          [-64, -31],
          [-65, -32],
        ],
      }
      assert.equal((await put({ data: base64(JSON.stringify(line)) })).body.kind, 'shapes')
      const shapes = await api.get('map/ground')
      assert.deepEqual(shapes, { lines: [line.coordinates], areas: [] })
      assert.equal((await put({ data: base64(Buffer.alloc(5_000_001)) })).status, 400)
      await api.remove('map/ground')
      assert.equal((await api.request('GET', 'map/ground')).status, 404)
      const { items } = await api.get('audit?limit=3')
      assert.ok(!JSON.stringify(items).includes(base64(PNG).slice(0, 20)), 'no file stands in the audit log')
    })
  }),
)
