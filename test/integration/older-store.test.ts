import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { createHttpReceiver, type Receiver } from '../../src/cli/demo/receivers.ts'
import { type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'

/**
 * A store as the first release wrote it, with its key: a monitor that is down, an alert that somebody has, two messages that a
 * channel refused, a silence, a window, a plan and a schedule.
 */
const STORE = resolve(import.meta.dirname, '../fixtures/stores/first-wave.sql')
const KEY = '15c437d46f490f9dadc7285764796bb7fd2c0badf75529fa7bd9df0e4578ccbb'

describe('the data folder of an earlier release', () => {
  let folder: string
  let receiver: Receiver
  let api: TestServer
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-older-'))
    const db = new DatabaseSync(join(folder, 'vigia.db'))
    db.exec(readFileSync(STORE, 'utf8'))
    db.close()
    writeFileSync(join(folder, 'secret.key'), `${KEY}\n`, { mode: 0o600 })
    receiver = await createHttpReceiver()
    api = await startTestServer({ folder })
  })
  after(async () => {
    await api?.stop()
    await receiver?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('goes on with its open alerts, who has them, and what is quiet', async () => {
    const alerts = new Map<string, Json>((await api.get('alerts')).items.map((one: Json) => [one.subject, one]))
    const [down, ids] = [alerts.get('down'), alerts.get('203.0.113.7')]
    assert.deepEqual([down.id, down.status, down.data.state], [1, 'open', 'down'])
    assert.deepEqual([ids.id, ids.status, ids.acknowledgement.note], [2, 'acknowledged', 'looking'])
    assert.equal(ids.data.country, 'UY', 'what the sender said is there')
    assert.equal((await api.get('silences')).items[0].comment, 'crew on site')
    assert.equal((await api.get('maintenance')).items.find(({ name }: Json) => name === 'fibre').status, 'active')
    const [tuesdays, cutover, nightly] = (await api.get('maintenance/plans')).items
    assert.equal(nightly.cron, '@daily')
    assert.equal(tuesdays.cron, '0 2 * * 2')
    assert.deepEqual([cutover.cron, cutover.starts_at, cutover.duration], [null, '2030-03-17T17:46:40.000Z', '2h'])
    const schedule = (await api.get('schedules')).items.find(({ name }: Json) => name === 'keep-events')
    assert.equal(schedule.every, '2h')
    assert.deepEqual(
      (await api.get('audit?limit=1000')).items.filter(({ action }: Json) => action === 'acknowledge').length,
      1,
    )
  })

  it('opens the secrets that were sealed then', async () => {
    const hook = (await api.get('channels')).items.find(({ name }: Json) => name === 'hook')
    assert.deepEqual([hook.locked, hook.options.secret], [false, '***'])
  })

  it('delivers what waited, each once and under its first id', async () => {
    const channel = (await api.get('channels')).items.find(({ name }: Json) => name === 'hook')
    await api.patch(`channels/${channel.id}`, {
      options: { ...channel.options, url: `http://127.0.0.1:${receiver.port}/`, secret: 'another' },
    })
    // What this server tried by the old address has failed by then as well.
    await api.delivered()
    for (const { id, status } of (await api.get('notifications')).items as Json[])
      if (status === 'failed') await api.post(`notifications/${id}/retry`)
    await receiver.received(2)
    await api.delivered()
    // A reminder of what still fails is due by now too.
    const sent = receiver.kept.map((body) => JSON.parse(body)).filter(({ reason }) => reason === 'first')
    assert.deepEqual(sent.map(({ id, subject }) => [id, subject]).toSorted(), [
      ['01a22be8-2156-7ebe-831b-fffa53708827', 'down'],
      ['01a22be8-22c4-7ed2-8d18-6b415cf3d6c4', '203.0.113.7'],
    ])
    assert.match(sent.find(({ subject }) => subject === '203.0.113.7').message, /203\.0\.113\.7 from UY/)
  })

  it('ends what began then', async () => {
    const { id } = (await api.get('monitors')).items.find(({ name }: Json) => name === 'down')
    await api.remove(`monitors/${id}`)
    const gone = await until(async () => {
      const alert = await api.get('alerts/1')
      return alert.status === 'resolved' && alert
    }, 'the end of the alert')
    assert.equal(gone.resolved_by, 'removed')
  })
})
