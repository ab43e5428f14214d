import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { AlertOpening } from '#core/alert/alert.ts'
import { inBothPlaces, type Place } from '../fixtures/both-engines.ts'
import { someFacts } from '../fixtures/some-facts.ts'

/** What takes back the step that is tried. */
const BEFORE = ["delete from migrations where name = '0029-facts'", 'alter table alerts drop column facts']

const opening = (fingerprint: string, changes: Partial<AlertOpening> = {}): AlertOpening => ({
  fingerprint,
  ruleId: 1,
  monitorId: null,
  subject: fingerprint,
  severity: 'HIGH',
  since: 900,
  openedAt: 1000,
  updatedAt: 1000,
  lastEventId: null,
  resolveAt: null,
  data: {},
  ...changes,
})

/** Of a monitor that flaps, as it was stored until then. */
const FLAPPING = { monitor: 'link', target: '10.0.0.1', state: 'flapping', changes: 5, since: 900, code: 'timeout' }
/** What a sender wrote under the same names. */
const POSTED = { state: 'flapping', channel_id: 1, since: 5, cause: 'a door', code: 'timeout', unwatched: [[1]] }

const suite = (placeOf: () => Promise<Place | { readonly skip: string }>) => {
  it('what the server had written goes to the facts, and what a sender had stays where it is', async (context) => {
    const place = await placeOf()
    if ('skip' in place) return context.skip(place.skip)
    const older = await place.open()
    const rest = { labels: { state: 'flapping' }, latencyMs: 3 }
    const unwatched = [[10, 20], [30]]
    const { alerts, notifications, channels } = older
    await alerts.open(opening('rule', { monitorId: 1, data: { ...FLAPPING, ...rest, event_type: 'monitor_state' } }))
    await alerts.open(opening('own', { ruleId: null, monitorId: 1, data: { ...FLAPPING, ...rest, unwatched } }))
    await alerts.open(opening('steady', { ruleId: null, monitorId: 2, data: { ...rest, state: 'down' } }))
    const { id: posted } = await alerts.open(opening('posted', { data: { ...POSTED, event_type: 'mine' } }))
    const { id: failed } = await alerts.open(
      opening('mail', { data: { event_type: 'channel_failed', channel_id: 1, channel: 'mail', cause: 'refused' } }),
    )
    await alerts.open(opening('server', { ruleId: null, data: { status: 'firing', since: 7, cause: 'late' } }))
    const over = { status: 'resolved', resolvedAt: 2000, resolvedBy: 'hand' } as const
    await alerts.open(opening('closed', { ...over, data: { event_type: 'mine', closed_by: 'Laura', state: 'x' } }))
    await alerts.open(opening('elapsed', { ...over, resolvedBy: 'time', data: { event_type: 'mine', closed_by: 'x' } }))
    const prometheus = { event_type: 'prometheus_alert', starts_at: '2026-01-01T00:00:00Z', since: 8 }
    await alerts.open(opening('prometheus', { data: prometheus }))
    await older.transaction(async (repositories) => {
      for (let count = 0; count < 1100; count++)
        await repositories.alerts.open(opening(`many ${count}`, { data: { event_type: 'x' } }))
    })
    const channelId = await channels.save(
      { name: 'one', type: 'webhook', options: {}, enabled: true, origin: 'vigia.yaml:1' },
      1,
    )
    const shared = { channelId, reason: 'first', createdAt: 1 } as const
    const mistaken = { monitor: 'link', state: 'flapping', flapping: { changes: 5, now: 'down' }, cause: 'a door' }
    const [told] = await notifications.insert([
      { ...shared, alertId: posted, payload: someFacts({ ...mistaken, event: { type: 'mine', data: POSTED } }) },
    ])
    const [about] = await notifications.insert([
      {
        ...shared,
        alertId: failed,
        payload: someFacts({ event: { type: 'channel_failed', data: { channel_id: 1 } } }),
      },
    ])
    await older.close()
    await place.run(BEFORE)

    const storage = await place.open()
    try {
      const all = await storage.alerts.list({ limit: 2000 })
      const known = (subject: string) => {
        const { facts, data } = all.find((alert) => alert.subject === subject)!
        return [facts, data]
      }
      assert.deepEqual(known('rule'), [{ ...FLAPPING, event_type: 'monitor_state' }, rest])
      assert.deepEqual(known('own'), [{ ...FLAPPING, unwatched }, rest])
      assert.deepEqual(known('steady'), [{ state: 'down' }, rest])
      assert.deepEqual(known('posted'), [{ event_type: 'mine' }, POSTED])
      const mail = { event_type: 'channel_failed', channel_id: 1, cause: 'refused' }
      assert.deepEqual(known('mail'), [mail, { channel: 'mail' }])
      assert.deepEqual(known('server'), [{ since: 7, cause: 'late' }, { status: 'firing' }])
      assert.deepEqual(known('closed'), [{ event_type: 'mine', closed_by: 'Laura' }, { state: 'x' }])
      assert.deepEqual(known('elapsed'), [{ event_type: 'mine' }, { closed_by: 'x' }])
      const { starts_at, ...ours } = prometheus
      assert.deepEqual(known('prometheus'), [ours, { starts_at }])
      for (const count of [0, 999, 1000, 1099]) assert.deepEqual(known(`many ${count}`), [{ event_type: 'x' }, {}])
      assert.deepEqual(await storage.alerts.flappingMonitors(), [1])
      const { payload } = (await storage.notifications.byId(told!))!
      assert.deepEqual([payload.monitor, payload.state, payload.flapping], [null, null, undefined])
      assert.deepEqual([payload.cause, payload.event?.data], ['a door', POSTED])
      assert.equal((await storage.notifications.byId(about!))?.payload.aboutChannel, 1)
    } finally {
      await storage.close()
    }
  })
}

inBothPlaces('a store of the version before the facts', suite)
