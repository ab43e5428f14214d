import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { fileChannel, type Json, startTestServer, type TestServer } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000

describe('back-test', () => {
  let sink: HttpSink
  let api: TestServer
  let names = 0
  before(async () => {
    sink = await createHttpSink()
    api = await startTestServer({ wanted: { channels: [fileChannel('hook', sink.url)], monitors: [] } })
  })
  after(async () => {
    await api.stop()
    await sink.close()
  })

  const rules = fc.record(
    {
      conditions: fc.constantFrom({}, { n: '> 3' }, { any: [{ n: '== 1' }, { marker: { exists: true } }] }),
      severity: fc.constantFrom(null, 'MEDIUM', 'HIGH'),
      cooldown: fc.constantFrom('0', '5m', '30m'),
      cooldown_scope: fc.constantFrom('subject', 'rule'),
      rate: fc.constantFrom(
        null,
        { at_least: 2, within: '10m' },
        { at_least: 2, within: '20m', distinct: 'n' },
        { at_least: 3, within: '1h' },
      ),
    },
    { requiredKeys: ['conditions', 'cooldown'] },
  )
  const events = fc.array(
    fc.record({
      wait: fc.integer({ min: 0, max: 20 }),
      age: fc.constantFrom(0, 0, 0, 30, 90),
      event: fc.record(
        {
          subject: fc.constantFrom('a', 'b'),
          severity: fc.constantFrom('LOW', 'MEDIUM', 'HIGH', 'CRITICAL'),
          n: fc.integer({ min: 0, max: 6 }),
          marker: fc.constant('m'),
          status: fc.constantFrom('firing', 'resolved'),
        },
        { requiredKeys: ['subject', 'severity', 'n'] },
      ),
    }),
    { minLength: 1, maxLength: 15 },
  )

  it('says of any rule and events what really happened when they came', async () => {
    await fc.assert(
      fc.asyncProperty(rules, events, async (rule, sent) => {
        const type = `tested ${++names}`
        const spec = { name: type, type, channels: ['hook'], resolve_after: null, ...rule }
        const { id } = await api.post('rules', spec)
        const outcomes: string[] = []
        for (const { wait, age, event } of sent) {
          api.advance(wait * MINUTE)
          const at = new Date(api.now() - age * MINUTE).toISOString()
          const [explained] = (await api.explain({ type, at, ...event })).rules
          outcomes.push(...explained.decisions.map(({ outcome }: Json) => outcome))
        }
        const count = (...names_: string[]) => outcomes.filter((one) => names_.includes(one)).length
        const told = await api.post('rules/backtest', { rule: { ...spec, name: 'unsaved' }, days: 30 })
        assert.deepEqual(
          {
            events: told.events,
            would_send: told.would_send,
            held_by_cooldown: told.held_by_cooldown,
            below_rate: told.below_rate,
            too_old: told.too_old,
          },
          {
            events: sent.length,
            would_send: count('first', 'repeat'),
            held_by_cooldown: count('cooldown'),
            below_rate: count('rate'),
            too_old: count('too_old'),
          },
        )
        const sum = (key: string) => told.days.reduce((total: number, day: Json) => total + day[key], 0)
        assert.deepEqual([sum('would_send'), sum('held_by_cooldown')], [told.would_send, told.held_by_cooldown])
        assert.equal(told.samples.length, Math.min(10, told.would_send))
        await api.remove(`rules/${id}`)
      }),
      { numRuns: 15, interruptAfterTimeLimit: 15_000 },
    )
  })

  it('counts by day, looks back as far as it is told, and changes nothing', async () => {
    const type = 'by day'
    for (let day = 0; day < 3; day++) {
      await api.post('events', [{ type }, { type }])
      api.advance(24 * 60 * MINUTE)
    }
    const rule = { name: 'unsaved', type, cooldown: '1h' }
    const all = await api.post('rules/backtest', { rule, days: 7 })
    assert.equal(all.time_zone, 'UTC')
    assert.deepEqual([all.events, all.would_send, all.held_by_cooldown, all.days.length], [6, 3, 3, 3])
    assert.deepEqual(all.days[0], {
      day: new Date(api.now() - 3 * 24 * 60 * MINUTE).toISOString().slice(0, 10),
      would_send: 1,
      held_by_cooldown: 1,
    })
    assert.equal((await api.post('rules/backtest', { rule, days: 2 })).events, 2)
    assert.deepEqual(await api.post('rules/backtest', { rule, days: 7 }), all)
    assert.ok(!(await api.get('rules')).items.some(({ name }: Json) => name === 'unsaved'))
    assert.deepEqual(
      (await api.get('alerts')).items.filter(({ data }: Json) => data.event_type === type),
      [],
    )
  })

  it('a rule of type custom looks at what no rule type names', async () => {
    await api.post('events', [
      { type: 'unnamed', mark: 'c' },
      { type: 'custom', mark: 'c' },
      { type: 'fail2ban_ban', mark: 'c' },
    ])
    const rule = { name: 'unsaved', type: 'custom', conditions: { mark: '== c' } }
    assert.equal((await api.post('rules/backtest', { rule })).matched, 2)
  })

  it('names the place of what is wrong', async () => {
    const wrong: readonly [body: unknown, path: string][] = [
      [{}, 'rule'],
      [{ rule: { name: 'x', type: 'x', conditions: { a: 5 } } }, 'rule.conditions.a'],
      [{ rule: { name: 'x', type: 'x', channels: ['nobody'] } }, 'rule.channels.0'],
      [{ rule: { name: 'x' } }, 'rule.type'],
      [{ rule: { name: 'x', type: 'x' }, days: 0 }, 'days'],
      [{ rule: { name: 'x', type: 'x' }, days: 366 }, 'days'],
    ]
    for (const [body, path] of wrong) {
      const answer = await api.request('POST', 'rules/backtest', body)
      assert.deepEqual([answer.status, answer.body.errors[0].path], [400, path], JSON.stringify(body))
    }
  })
})
