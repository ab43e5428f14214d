import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestServer, type TestServer } from '../fixtures/server.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'

describe('language, zone and address of the server', () => {
  let server: TestServer
  let sink: Awaited<ReturnType<typeof createHttpSink>>
  before(async () => {
    sink = await createHttpSink()
    server = await startTestServer({ place: { timeZone: 'America/Lima' } })
    await server.patch('settings', { allowed_channel_targets: ['loopback'] })
    await server.post('channels', { name: 'hook', type: 'webhook', options: { url: sink.url } })
    await server.post('rules', { name: 'ids', type: 'custom', channels: ['hook'] })
  })
  after(async () => {
    await server.stop()
    await sink.close()
  })

  const told = async (subject: string) => {
    await server.event({ type: 'ids', subject, severity: 'HIGH', title: subject })
    await server.delivered()
    return JSON.parse(sink.requests.at(-1)!.body)
  }

  it('hold from the moment that they are set, in what is told next', async () => {
    const before = await told('one')
    assert.match(before.title, /^HIGH/)
    assert.equal(before.url, null)
    await server.patch('settings', { language: 'es', url: 'https://vigia.example.net/' })
    const after = await told('two')
    assert.match(after.title, /^ALTA/)
    assert.match(after.url, /^https:\/\/vigia\.example\.net\/alerts\/\d+$/)
    const about = await server.get('about')
    assert.deepEqual([about.language, about.url, about.time_zone], ['es', 'https://vigia.example.net/', 'America/Lima'])
  })

  it('have a region, by which pages and messages write numbers and dates', async () => {
    const wrong = await server.request('PATCH', 'settings', { region: 'Cordoba' })
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, 'region'])
    await server.patch('settings', { region: 'en-US', language: 'en' })
    assert.equal((await server.get('about')).region, 'en-US')
    await server.patch('settings', { region: null })
    assert.equal((await server.get('about')).region, null)
  })

  it('are refused where the file says them, where a zone is none, and where an address is no page', async () => {
    assert.deepEqual((await server.get('about')).held_by_file, ['time_zone'])
    const held = await server.request('PATCH', 'settings', { time_zone: 'Europe/Madrid' })
    assert.deepEqual([held.status, held.body.code, held.body.errors[0].path], [409, 'owned_by_file', 'time_zone'])
    assert.equal((await server.request('PATCH', 'settings', { time_zone: null })).status, 200)
    assert.equal((await server.request('PATCH', 'settings', { url: 'vigia.example.net' })).status, 400)
    const free = await startTestServer({ place: {} })
    const wrong = await free.request('PATCH', 'settings', { time_zone: 'America/Cordobba' })
    await free.stop()
    assert.deepEqual([wrong.status, wrong.body.errors[0].fault.code], [400, 'zone_unknown'])
  })
})
