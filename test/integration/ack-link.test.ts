import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import fastify, { type FastifyInstance } from 'fastify'
import { addAckRoutes } from '#api/ack.ts'
import { ackToken, alertOfToken } from '#lib/ack-token.ts'
import { createSealer } from '#storage/seal.ts'
import { keyFromText } from '#storage/seal-key.ts'
import { signingKey } from '#storage/signing-key.ts'
import { channel, createWorld, MINUTE, monitor, START } from '../fixtures/world.ts'

const SEALER = createSealer({ current: keyFromText('a key of some length')!, older: [] })

describe('acknowledge link', () => {
  let folder: string
  let world: Awaited<ReturnType<typeof createWorld>>
  let app: FastifyInstance
  let path: string

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-ack-'))
    world = await createWorld(folder)
    await world.configure({ channels: [channel('one')], monitors: [monitor('pop <7>')] })
    await world.change('pop <7>', 'up', 'down')
    const key = (await signingKey(world.storage, 'ack_key', SEALER))!
    path = `/ack/${ackToken(key, 1)}`
    app = fastify()
    const { attention, clock } = world
    const ofToken = (token: string) => alertOfToken(key, token)
    addAckRoutes(app, { attention, alertOfToken: ofToken, now: clock.now, timeZone: () => 'UTC' })
  })
  afterEach(async () => {
    await app.close()
    await world.storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const get = (url = path, language = 'en') => app.inject({ url, headers: { 'accept-language': language } })
  const post = (fields: Record<string, string>, url = path) =>
    app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    })
  const alert = async () => (await world.storage.alerts.byId(1))!
  const audit = () => world.storage.audit.list({ limit: 100 })

  it('keeps one key, whoever asks first', async () => {
    const { storage } = world
    const keys = await Promise.all([signingKey(storage, 'other', SEALER), signingKey(storage, 'other', SEALER)])
    assert.equal(keys[0], keys[1])
    assert.equal(await signingKey(storage, 'other', SEALER), keys[0])
  })

  it('shows what, since when and a form, in the reader’s language, and changes nothing', async () => {
    const { statusCode, body, headers } = await get()
    assert.equal(statusCode, 200)
    assert.match(body, /DOWN pop &lt;7&gt; · 22:13/)
    assert.match(body, /has not answered since 22:13:20/)
    assert.match(body, /name="name".*name="note".*<select name="for">/s)
    assert.equal(headers['cache-control'], 'no-store')
    assert.match((await get(path, 'es-AR,es')).body, /lang="es".*CAÍDO pop .*>Atender</s)
    await app.inject({ method: 'HEAD', url: path })
    assert.equal((await alert()).acknowledgedAt, null)
    assert.deepEqual(await audit(), [])
  })

  it('acknowledges with name, note and time, once, and writes it down', async () => {
    world.clock.advance(MINUTE)
    const fields = { do: 'acknowledge', name: ' Laura\nP. ', note: 'crew on the way', for: '4h' }
    const { statusCode, body } = await post(fields)
    assert.equal(statusCode, 200)
    assert.match(body, /Acknowledged: Laura P. \(by link\) at 22:14, “crew on the way”, until 15 Nov 02:14./)
    const { acknowledgedAt, acknowledgedBy, acknowledgeNote, acknowledgeUntil } = await alert()
    assert.deepEqual(
      [acknowledgedAt, acknowledgedBy, acknowledgeNote, acknowledgeUntil],
      [START + MINUTE, 'Laura P. (by link)', 'crew on the way', START + 241 * MINUTE],
    )
    world.clock.advance(1000)
    await post(fields)
    assert.equal((await alert()).acknowledgedAt, START + MINUTE)
    const entries = await audit()
    assert.equal(entries.length, 1)
    assert.deepEqual(
      [entries[0]!.actor, entries[0]!.action, entries[0]!.object, entries[0]!.objectId],
      ['link:Laura P. (by link)', 'acknowledge', 'alert', 1],
    )
  })

  it('lets another person take over', async () => {
    await post({ name: 'Laura' })
    await post({ name: 'Martín' })
    const { acknowledgedBy, acknowledgeUntil } = await alert()
    assert.deepEqual([acknowledgedBy, acknowledgeUntil], ['Martín (by link)', null])
  })

  it('silences the monitor for an hour, once', async () => {
    for (let press = 0; press < 2; press++) {
      const { statusCode, body } = await post({ do: 'silence', name: 'Laura' })
      assert.equal(statusCode, 200)
      assert.match(body, /Silenced until 23:13\./)
    }
    const silences = await world.storage.silences.list(10)
    assert.deepEqual(
      silences.map(({ matchers, endsAt, createdBy }) => [matchers, endsAt, createdBy]),
      [[[{ name: 'monitor', operator: '=', value: 'pop <7>' }], START + 60 * MINUTE, 'Laura (by link)']],
    )
    assert.equal((await alert()).acknowledgedAt, null)
    world.clock.advance(59 * MINUTE)
    await world.remind()
    await world.deliver()
    assert.deepEqual(world.told(), ['one:pop <7>:first'])
  })

  it('asks for a name', async () => {
    const { statusCode, body } = await post({ do: 'acknowledge', name: ' \u0000 ', note: '"><script>' })
    assert.equal(statusCode, 400)
    assert.match(body, /role="alert"/)
    assert.match(body, /value="&quot;&gt;&lt;script&gt;"/)
    assert.equal((await alert()).acknowledgedAt, null)
  })

  it('answers 404 to what it did not sign', async () => {
    for (const url of [
      '/ack/1.AAAAAAAAAAAAAAAAAAAAAA',
      '/ack/2',
      '/ack/%00',
      path.slice(0, -1),
      path.replace('/1.', '/2.'),
    ]) {
      assert.equal((await get(url)).statusCode, 404, url)
      assert.equal((await post({ name: 'Laura' }, url)).statusCode, 404, url)
    }
    assert.equal((await alert()).acknowledgedAt, null)
  })

  it('says that it is over', async () => {
    world.clock.advance(MINUTE)
    await world.change('pop <7>', 'down', 'up')
    const { statusCode, body } = await get()
    assert.equal(statusCode, 200)
    assert.match(body, /RECOVERED pop.*It is over/s)
    assert.doesNotMatch(body, /<form/)
    assert.equal((await post({ name: 'Laura' })).statusCode, 409)
    assert.equal((await post({ do: 'silence', name: 'Laura' })).statusCode, 409)
    assert.deepEqual(await audit(), [])
  })

  it('cuts what is too long, and takes whatever else as no fields', async () => {
    await post({ name: '👩‍👧'.repeat(100), note: 'n'.repeat(9000) })
    const { acknowledgedBy, acknowledgeNote } = await alert()
    assert.ok([...acknowledgedBy!].length <= 74)
    assert.equal(acknowledgeNote!.length, 500)
    const json = await app.inject({ method: 'POST', url: path, payload: ['name'] })
    assert.equal(json.statusCode, 400)
  })
})
