import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000

describe('explain', () => {
  let sink: HttpSink
  let dead: HttpSink
  let api: TestServer
  let names = 0
  before(async () => {
    sink = await createHttpSink()
    dead = await createHttpSink({ answer: () => ({ status: 400, body: 'no such room' }) })
    const channels = [fileChannel('hook', sink.url), fileChannel('dead', dead.url)]
    const monitors = [
      fileMonitor('door', { channels: ['hook'] }),
      fileMonitor('link', { channels: ['hook'], flapping: true }),
    ]
    api = await startTestServer({ wanted: { channels, monitors } })
  })
  after(async () => {
    await api.stop()
    await sink.close()
    await dead.close()
  })

  const newRule = async (rule: object = {}): Promise<Json> => {
    const type = `explained ${++names}`
    return api.post('rules', { name: type, type, channels: ['hook'], ...rule })
  }
  /** What became of an event of the rule's type, of its one rule. */
  const explained = async ({ type }: Json, event: object = {}): Promise<Json> => {
    const { rules, ...rest } = await api.explain({ type, ...event })
    assert.equal(rules.length, 1)
    return { ...rest, ...rules[0] }
  }

  it('what was told: by which channel, with which answer', async () => {
    const rule = await newRule()
    const id = await api.event({ type: rule.type, subject: 'a' })
    await api.delivered()
    const { summary, rules, notifications, event } = await api.explain(id)
    assert.equal(summary, '1 rule looked at it, 1 matched, 1 notification followed.')
    assert.deepEqual([event.id, event.subject], [id, 'a'])
    assert.deepEqual(rules[0].rule, { id: rule.id, name: rule.name })
    assert.equal(rules[0].why, 'the alert was opened and told')
    const [{ channel, reason, status, attempts }] = notifications
    assert.deepEqual([channel, reason, status], ['hook', 'first', 'delivered'])
    assert.deepEqual([attempts.length, attempts[0].ok, attempts[0].code, attempts[0].response], [1, true, 200, 'ok'])
  })

  it('what failed: the reason and the answer of the far end', async () => {
    const { type } = await newRule({ channels: ['dead'] })
    const id = await api.event({ type })
    await api.delivered()
    const [{ status, attempts }] = (await api.explain(id)).notifications
    assert.equal(status, 'failed')
    assert.deepEqual(
      attempts.map(({ ok, code, failure, response }: Json) => [ok, code, failure, response]),
      [[false, 400, 'message_refused', 'no such room']],
    )
  })

  it('which condition did not hold, with which values', async () => {
    const rule = await newRule({ conditions: { confidence: '> 80', country: { in: ['CN', 'RU'] } } })
    const { why, missed, conditions, decisions, summary } = await explained(rule, { confidence: 70, country: 'CN' })
    assert.equal(summary, '1 rule looked at it, 0 matched, 0 notifications followed.')
    assert.equal(why, 'not matched: confidence is 70, not greater than 80')
    assert.deepEqual(missed, { code: 'conditions', facts: { condition: 'confidence is 70, not greater than 80' } })
    assert.deepEqual(decisions, [])
    assert.deepEqual(
      conditions.steps.map(({ field, operator, expected, actual, passed }: Json) => [
        field,
        operator,
        expected,
        actual,
        passed,
      ]),
      [
        ['confidence', '>', '80', '70', false],
        ['country', 'in', '["CN", "RU"]', '"CN"', true],
      ],
    )
    assert.match((await explained(rule, { country: 'CN' })).why, /confidence is missing, not greater than 80/)
    assert.match((await explained(rule, { confidence: '90', country: 'CN' })).why, /"90", text, which > cannot compare/)
  })

  it('the threshold, the rate, the cooldown with its end', async () => {
    const severe = await explained(await newRule({ severity: 'HIGH' }), { severity: 'MEDIUM' })
    assert.equal(severe.why, 'not matched: severity MEDIUM is below HIGH')
    assert.deepEqual(severe.missed, { code: 'severity', facts: { severity: 'MEDIUM', needed: 'HIGH' } })
    assert.deepEqual(severe.severity, { needed: 'HIGH', actual: 'MEDIUM', passed: false })

    const rate = await explained(await newRule({ rate: { at_least: 3, within: '1m' } }))
    assert.equal(rate.why, 'matched, but only 1 of the 3 that the rate needs')
    assert.equal(rate.missed, null)

    const cooling = await newRule({ cooldown: '10m' })
    await explained(cooling)
    const [{ id: alert }] = (await api.get(`alerts?rule=${cooling.id}`)).items
    const { why, decisions } = await explained(cooling)
    const [{ outcome, until: end, alert: of }] = decisions
    assert.deepEqual([outcome, of], ['cooldown', alert])
    assert.ok(Math.abs(Date.parse(end) - api.now() - 10 * MINUTE) < MINUTE)
    assert.equal(why, `matched, but the cooldown holds news back until ${end}`)
  })

  it('a silence, an event that was too old, a rule without a channel', async () => {
    const silent = await newRule()
    const quiet = await api.post('silences', {
      matchers: [{ name: 'rule', value: silent.name }],
      ends_at: new Date(api.now() + MINUTE).toISOString(),
    })
    const held = await explained(silent)
    assert.equal(held.why, `matched, but silence ${quiet.id} holds news back until ${quiet.ends_at}`)
    const old = await explained(await newRule(), { at: new Date(api.now() - 61 * MINUTE).toISOString() })
    assert.match(old.why, /too old when it came/)
    const mute = await explained(await newRule({ channels: [] }))
    assert.match(mute.why, /names no channel/)
  })

  it('rules that were disabled, made or changed later, of their own type as of type custom', async () => {
    const off = await newRule({ enabled: false })
    const { why, summary } = await explained(off)
    assert.equal(why, 'the rule is disabled')
    assert.equal(summary, 'Nothing happened: 1 rule of this type, none of them enabled.')
    assert.equal((await api.explain({ type: 'nobody' })).summary, 'No rule looks at events of this type.')

    const custom = await newRule({ type: 'custom', enabled: false })
    assert.deepEqual(
      (await api.explain({ type: 'unnamed' })).rules.map(({ rule, why: reason }: Json) => [rule.id, reason]),
      [[custom.id, 'the rule is disabled']],
    )
    await api.remove(`rules/${custom.id}`)

    const type = `explained ${names + 1}`
    const early = await api.event({ type, n: 1 })
    api.advance(10)
    const late = await newRule({ conditions: { n: '> 1' } })
    assert.equal((await api.explain(early)).rules[0].why, 'the rule did not exist yet')
    const missed = await api.event({ type, n: 1 })
    api.advance(10)
    await api.patch(`rules/${late.id}`, { conditions: { n: '> 0' } })
    const [changed] = (await api.explain(missed)).rules
    assert.equal(changed.changed_since, true)
    assert.match(changed.why, /the rule was changed since/)
  })

  it('a change of a monitor, its own rule beside a written one: one message, both named', async () => {
    const written = await api.post('rules', {
      name: 'also doors',
      type: 'monitor_state',
      conditions: { state: '== down' },
      channels: ['hook', 'dead'],
    })
    await api.push('door')
    await api.push('door', true)
    const down = await until(async () =>
      (await api.get('events?type=monitor_state')).items.find(({ state }: Json) => state === 'down'),
    )
    await api.delivered()
    const { rules, notifications, summary } = await api.explain(down.id)
    assert.equal(summary, '2 rules looked at it, 2 matched, 2 notifications followed.')
    assert.deepEqual(
      rules.map(({ rule, decisions }: Json) => [rule?.id ?? null, decisions[0].outcome]),
      [
        [null, 'first'],
        [written.id, 'first'],
      ],
    )
    assert.deepEqual(
      notifications.map(({ channel }: Json) => channel),
      ['hook', 'dead'],
    )
    await api.patch(`rules/${written.id}`, { channels: ['hook'] })
    await api.push('door')
    await api.push('door', true)
    const again = await until(async () =>
      (await api.get('events?type=monitor_state')).items.find(
        ({ state, id }: Json) => state === 'down' && id > down.id,
      ),
    )
    await api.delivered()
    const merged = await api.explain(again.id)
    assert.deepEqual(
      merged.rules.map(({ decisions }: Json) => decisions[0].outcome),
      ['first', 'merged'],
    )
    assert.match(merged.rules[1].why, /another rule had told the same channels/)
    const hooks = sink.requests.map(({ body }) => JSON.parse(body)).filter(({ monitor }) => monitor === 'door')
    // The second outage is an alert of its own, whose message may overtake the end of the first.
    assert.deepEqual(hooks.map(({ reason }) => reason).toSorted(), ['first', 'first', 'resolved'])
  })

  it('a monitor that flaps: since when, and what will be told', async () => {
    const states = async () =>
      ((await api.get('events?type=monitor_state')).items as Json[]).filter(({ subject }) => subject === 'link')
    for (const [index, down] of [false, true, false, true, false].entries()) {
      await api.push('link', down)
      await until(async () => (await states()).length === index + 1)
      api.advance(1000)
    }
    const [latest, began] = await states()
    const since = new Date(began!.since).toISOString()
    const [first] = (await api.explain(began!.id)).rules
    assert.ok(
      first.why.includes(`it was told that it flaps since ${since} (3 changes until then; now it is down)`),
      first.why,
    )
    const { rules, notifications } = await api.explain(latest!.id)
    assert.equal(rules[0].decisions[0].outcome, 'flapping')
    assert.match(
      rules[0].why,
      /^recorded, and not told: it flaps since .* \(4 changes until then; now it is up\); what is told next/,
    )
    assert.deepEqual(notifications, [])
  })

  it('a channel that fails is an event, which never goes by that channel nor makes another', async () => {
    const watching = await api.post('rules', {
      name: 'channels',
      type: 'channel_failed',
      channels: ['dead', 'hook'],
      cooldown: '0',
    })
    const { type } = await newRule({ channels: ['dead'] })
    const count = async () => (await api.get('events?type=channel_failed&limit=1000')).items.length
    const before = await count()
    const id = await api.event({ type })
    await api.delivered()
    const [failed] = await until(async () => {
      const { items } = await api.get('events?type=channel_failed')
      return items.length > before && items
    })
    assert.deepEqual(
      [failed.subject, failed.channel, failed.failure, failed.source],
      ['dead', 'dead', 'message_refused', 'outbox'],
    )
    assert.equal(failed.notification, (await api.explain(id)).notifications[0].id)
    const { notifications } = await api.explain(failed.id)
    assert.deepEqual(
      notifications.map(({ channel }: Json) => channel),
      ['hook'],
    )
    // Of the failure of another channel the dead one would hear; that this fails is told to nobody.
    const other = await api.post('channels', {
      name: 'other',
      type: 'webhook',
      options: { url: 'http://localhost:1/' },
    })
    await api.event({ type: (await newRule({ channels: [other.id] })).type })
    await until(async () => (await count()) > before + 1)
    await api.delivered()
    await api.event({ type: 'pause' })
    assert.equal(await count(), before + 2)
    await api.remove(`rules/${watching.id}`)
  })

  it('does not know what does not exist', async () => {
    for (const id of ['999999', 'x', '0', '-1'])
      assert.ok([400, 404].includes((await api.request('GET', `events/${id}/explain`)).status), id)
  })
})
