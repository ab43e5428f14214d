import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000

/** Fields of a sender under every name that means something in an alert of the server's own. */
const LOOKALIKES = {
  monitor: 'core-1',
  target: '10.0.0.1',
  state: 'flapping',
  previous_state: 'degraded',
  state_now: 'down',
  flapping: 'began',
  changes: 7,
  since: 1_000_000,
  code: 'packet_loss',
  cause_code: 'connection_refused',
  cause_facts: { target: '10.0.0.1:22' },
  loss: 0.5,
  over_ms: 300_000,
  packets_sent: 10,
  packets_lost: 5,
  attempts: 9,
  last_hop: 'nowhere',
  answers_ping: true,
  unwatched: [[1]],
}

const suite = (name: string, databaseUrl: () => Promise<string | { readonly skip: string } | undefined>) =>
  describe(`what the server knows of an alert, apart from what a sender wrote (${name})`, () => {
    let folder: string
    let sink: HttpSink
    let api: TestServer
    let skip: string | undefined
    let start: () => Promise<TestServer>

    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      folder = mkdtempSync(join(tmpdir(), 'vigia-facts-'))
      sink = await createHttpSink()
      const wanted = {
        channels: [
          fileChannel('hook', `${sink.url}/hook`),
          fileChannel('chat', sink.url, { type: 'slack', options: { webhook_url: `${sink.url}/chat` } }),
          fileChannel('sms', `${sink.url}/sms`),
        ],
        monitors: [fileMonitor('link', { channels: ['hook'], labels: { state: 'flapping' }, flapping: true })],
        escalation: [{ afterMs: 15 * MINUTE, severity: 'HIGH', channels: ['sms'] }] as const,
      }
      start = () => startTestServer({ wanted, folder, ...(url !== undefined && { databaseUrl: url }) })
      api = await start()
      await api.post('rules', { name: 'posted', type: 'posted', channels: ['hook', 'chat'], notify_recovery: true })
    })
    beforeEach((context) => {
      if (skip !== undefined && 'skip' in context) context.skip(skip)
    })
    after(async () => {
      await api?.stop()
      await sink?.close()
      if (folder) rmSync(folder, { recursive: true, force: true })
    })

    const sentTo = (path: string): Json[] =>
      sink.requests.filter((request) => request.path === `/${path}`).map(({ body }) => JSON.parse(body))
    const messageOf = (path: string, subject: string, reason: string): Promise<Json> =>
      until(
        async () => sentTo(path).find((message) => message.subject === subject && message.reason === reason),
        `${reason} of ${subject} by ${path}`,
      )
    const alertOf = async (subject: string): Promise<Json> =>
      (await api.get('alerts')).items.find((alert: Json) => alert.subject === subject)

    it('escalates to a channel whose id a sender has in his fields', async () => {
      const id = (await api.get('channels')).items.find((one: Json) => one.name === 'sms').id
      await api.event({
        type: 'posted',
        severity: 'HIGH',
        subject: 'disk',
        channel_id: id,
        event_type: 'channel_failed',
      })
      await messageOf('hook', 'disk', 'first')
      api.advance(16 * MINUTE)
      const { event } = await messageOf('sms', 'disk', 'escalated')
      assert.equal(event.channel_id, id)
    })

    it('takes nothing of a sender for the state of a monitor', async () => {
      await api.event({ type: 'posted', severity: 'LOW', subject: 'shelf', cause: 'a door', ...LOOKALIKES })
      const message = await messageOf('hook', 'shelf', 'first')
      assert.deepEqual(
        [message.monitor, message.target, message.state, message.previous_state, message.cause],
        [null, null, null, null, 'a door'],
      )
      for (const field of [
        'code',
        'cause_code',
        'cause_facts',
        'flapping',
        'quality',
        'attempts',
        'last_hop',
        'answers_ping',
      ])
        assert.ok(!(field in message), field)
      const { labels: _, ...event } = message.event
      assert.deepEqual(event, { type: 'posted', cause: 'a door', ...LOOKALIKES })
      const { id, data, cause, cause_code } = await alertOf('shelf')
      assert.deepEqual([cause, cause_code], ['a door', undefined])
      assert.deepEqual(data, { cause: 'a door', ...LOOKALIKES, event_type: 'posted' })
      const chat = await until(async () =>
        sink.requests.find(({ path, body }) => path === '/chat' && body.includes('shelf')),
      )
      assert.doesNotMatch(chat.body, /FLAPS|DEGRADED|DOWN|core-1 \(/)
      // Its clock is not ours to set.
      const at = api.now()
      await api.server.storage.transaction(({ shiftClock }) => shiftClock({ before: at, after: at + 1000 }))
      assert.equal((await alertOf('shelf')).data.since, LOOKALIKES.since)
      const ended = await api.post(`alerts/${id}/resolve`)
      assert.equal(ended.closed_by, 'administrator')
      assert.equal((await messageOf('hook', 'shelf', 'resolved')).resolved_by, 'hand')
    })

    it('explains the event of a sender that says it flaps as what it is', async () => {
      const { rules } = await api.explain({ type: 'posted', subject: 'fan', flapping: 'began', since: 'yesterday' })
      assert.equal(rules[0].why, 'the alert was opened and told')
    })

    it('after a restart a monitor does not flap because a label says so', async () => {
      await api.push('link', true)
      await until(async () => (await alertOf('link'))?.status === 'open', 'its alert')
      assert.deepEqual(await api.server.storage.alerts.flappingMonitors(), [])
      await api.stop()
      api = await start()
      await api.push('link')
      await until(async () => (await alertOf('link')).status === 'resolved', 'its end')
    })
  })

onBothEngines(suite)
