import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileChannel, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'

const MINUTE = 60_000

describe('rules over HTTP', () => {
  let sink: HttpSink
  let dead: HttpSink
  let api: TestServer
  let names = 0
  before(async () => {
    sink = await createHttpSink()
    dead = await createHttpSink({ answer: () => ({ status: 500 }) })
    api = await startTestServer({
      wanted: { channels: [fileChannel('hook', sink.url), fileChannel('dead', dead.url)], monitors: [] },
      retry: { baseMs: 10, capMs: 20, giveUpAfterMs: 5 * MINUTE },
    })
  })
  after(async () => {
    await api.stop()
    await sink.close()
    await dead.close()
  })

  /** A new rule of a type that no other test uses. */
  const newRule = async (rule: object = {}): Promise<{ id: number; type: string }> => {
    const name = `rule ${++names}`
    return api.post('rules', { name, type: `type ${names}`, channels: ['hook'], ...rule })
  }
  const outcomes = async (id: number): Promise<string[]> =>
    (await api.explain(id)).rules.flatMap(({ decisions }: Json) => decisions.map(({ outcome }: Json) => outcome))
  /** What became of events of the rule's type, one after the other. */
  const send = async ({ type }: { type: string }, ...events: object[]): Promise<string[]> => {
    const { ids } = await api.post(
      'events',
      events.map((event) => ({ type, ...event })),
    )
    return (await Promise.all(ids.map(outcomes))).map((list: string[]) => list.join('+'))
  }
  const refusal = async (rule: object) => {
    const answer = await api.request('POST', 'rules', { name: 'wrong', type: 'wrong', ...rule })
    assert.ok([400, 409].includes(answer.status), answer.text)
    return answer.body
  }

  const missing = Symbol('missing')
  /** Operator, expected value, values for which it holds, values for which it does not. */
  const operators: readonly [string, unknown, readonly unknown[], readonly unknown[]][] = [
    ['>', 80, [81, 80.5, 1e300], [80, 79, missing, null, '81', [81], {}]],
    ['>', 0, [true, 1], [false, 0, missing]],
    ['>', 'b', ['c', 'ba', 'ñ'], ['b', 'a', 'B', 5, null]],
    ['<', 80, [79, -1, true], [80, 81, missing, null, '7']],
    ['>=', 80, [80, 81], [79, missing, '80', null]],
    ['<=', 80, [80, 79, false], [81, missing, '80', null]],
    ['==', 80, [80, 80.0], ['80', 81, missing, null, true]],
    ['==', 1, [1, true], ['1', false, missing]],
    ['==', null, [null, missing], [0, '', false, 'x']],
    ['==', 'CN', ['CN'], ['cn', 'CN ', missing]],
    ['!=', 80, [81, '80', missing, null], [80]],
    ['!=', null, [0, '', false, 'x'], [null, missing]],
    ['in', ['CN', 'RU', 0, ''], ['CN', 'RU'], ['cn', missing, null, 0, '', false]],
    ['in', 'abcdef', ['cd', 'abcdef'], ['ce', missing, '', 5]],
    ['in', { CN: 1 }, ['CN'], ['RU', missing, 1]],
    ['not_in', ['CN', 0], ['RU', missing, null, 0, '', false], ['CN']],
    ['not_in', 'abcdef', ['ce', missing, ''], ['cd', 5]],
    ['contains', 'sh', ['sshd', ['sshd', 'x'], { sh: 1 }], ['SSHD', missing, null, '', 0, false]],
    ['contains', '8', [80, 18.5], [7]],
    ['contains', 8, [], [8, '8', [8]]],
    ['matches', '^ss?h', ['ssh', 'sh-2'], ['xssh', missing, null]],
    ['exists', true, [0, '', false, 'x'], [missing, null]],
    ['exists', false, [missing, null], [0]],
    ['cidr', ['10.0.0.0/8', '2001:db8::/32'], ['10.1.2.3', '2001:db8::1'], ['11.0.0.1', 'x', 10, missing, null]],
  ]
  for (const [operator, value, holds, fails] of operators)
    it(`${operator} ${JSON.stringify(value)} holds for what it must, and for nothing else`, async () => {
      const rule = await newRule({ conditions: { field: { operator, value } } })
      const events = (values: readonly unknown[]) =>
        values.map((field, n) => ({ subject: `s${n}`, ...(field !== missing && { field }) }))
      assert.deepEqual(await send(rule, ...events(holds), { subject: 'other' }).then((all) => all.slice(0, -1)), [
        ...holds.map(() => 'first'),
      ])
      const missed = await send(rule, ...events(fails).map((event, n) => ({ ...event, subject: `not ${n}` })))
      assert.deepEqual(missed, [...fails.map(() => '')])
    })

  it('nests, reaches into fields by dotted paths, and needs every entry of a mapping', async () => {
    const rule = await newRule({
      conditions: {
        'geo.country': { in: ['CN', 'RU'] },
        any: [{ confidence: '> 80' }, { not: { seen: { '==': true } } }],
        all: [{ port: { '>=': 1, '<': 1024 } }],
      },
    })
    const base = { geo: { country: 'CN' }, confidence: 90, seen: true, port: 22 }
    const [, ...rest] = await send(
      rule,
      { subject: 'a', ...base },
      { subject: 'b', ...base, confidence: 10 },
      { subject: 'c', ...base, confidence: 10, seen: false },
      { subject: 'd', ...base, geo: { country: 'AR' } },
      { subject: 'e', ...base, geo: 'CN' },
      { subject: 'f', ...base, port: 8080 },
    )
    assert.deepEqual(rest, ['', 'first', '', '', ''])
  })

  it('finds the fields that every event has in conditions', async () => {
    const rule = await newRule({ conditions: { subject: '== me', severity: '== HIGH' } })
    const sent = await send(rule, { subject: 'me', severity: 'HIGH' }, { subject: 'you', severity: 'HIGH' })
    assert.deepEqual(sent, ['first', ''])
  })

  it('refuses conditions that could never mean anything, and says the right form', async () => {
    const wrong: readonly [conditions: unknown, path: string, message: RegExp][] = [
      [{ confidence: 80 }, 'conditions.confidence', /no operator; write \{ operator: "==", value: 80 \} or "== 80"/],
      [{ confidence: '80' }, 'conditions.confidence', /no operator/],
      [{ a: ['x'] }, 'conditions.a', /operator: "in"/],
      [{ a: null }, 'conditions.a', /empty/],
      [{ a: { operator: '', value: 1 } }, 'conditions.a', /quote it/],
      [{ a: { operator: null, value: 1 } }, 'conditions.a', /quote it/],
      [{ a: { value: 1 } }, 'conditions.a', /no operator/],
      [{ a: { operator: '>' } }, 'conditions.a', /no value/],
      [{ a: { operator: '=', value: 1 } }, 'conditions.a', /did you mean ==/],
      [{ a: { operator: 'like', value: 1 } }, 'conditions.a', /known are: > </],
      [{ a: { operator: '>', value: 1, extra: 1 } }, 'conditions.a', /"extra"/],
      [{ a: { b: { '>': 1 } } }, 'conditions.a', /write "a.b"/],
      [{ any: [] }, 'conditions.any', /never holds/],
      [{ any: [{ ok: '> 1' }, { c: 1 }] }, 'conditions.any[1].c', /no operator/],
      [{ not: {} }, 'conditions.not', /never holds/],
      [[{ a: '> 1' }], 'conditions', /needs all or any/],
      ['a > 1', 'conditions', /not a mapping/],
      [{ a: { matches: '(' } }, 'conditions.a', /./],
      [{ a: { cidr: '10.0.0.0/99' } }, 'conditions.a', /not a network/],
    ]
    for (const [conditions, path, message] of wrong) {
      const { code, errors, detail } = await refusal({ conditions })
      assert.deepEqual([code, errors[0].path], ['invalid_input', path], detail)
      assert.equal(detail.split(path).length, 2, `the place is named once: ${detail}`)
      assert.match(detail, message)
    }
    assert.ok(!(await api.get('rules')).items.some(({ name }: Json) => name === 'wrong'))
  })

  it('names the place of whatever else is wrong with a rule', async () => {
    const wrong: readonly [rule: object, path: string][] = [
      [{ channels: ['nobody'] }, 'channels.0'],
      [{ channels: ['hook', 4711] }, 'channels.1'],
      [{ severity: 'high' }, 'severity'],
      [{ cooldown: '30' }, 'cooldown'],
      [{ cooldown: '-5m' }, 'cooldown'],
      [{ cooldown: 30 }, 'cooldown'],
      [{ cooldown: '99999999999999d' }, 'cooldown'],
      [{ resolve_after: '99999999999999d' }, 'resolve_after'],
      [{ reminder: ['1h', '99999999999999d'] }, 'reminder.1'],
      [{ rate: { at_least: 2, within: '99999999999999d' } }, 'rate.within'],
      [{ rate: { at_least: 0, within: '1m' } }, 'rate.at_least'],
      [{ rate: { at_least: 1001, within: '1m' } }, 'rate.at_least'],
      [{ rate: { at_least: 2, within: '1m', who: 'x' } }, 'rate.who'],
      [{ templates: { subject: '{{ unclosed' } }, 'templates.subject'],
      [{ templates: { text: '{% for x in y %}' } }, 'templates.text'],
      [{ templates: { html: '{% nonsense %}' } }, 'templates.html'],
      [{ templates: { body: 'x' } }, 'templates.body'],
      [{ name: '' }, 'name'],
      [{ name: 'a\0b' }, 'name'],
      [{ enabled: 'yes' }, 'enabled'],
      [{ unknown: 1 }, 'unknown'],
    ]
    for (const [rule, path] of wrong) {
      const { code, errors } = await refusal(rule)
      assert.deepEqual([code, errors[0].path], ['invalid_input', path], JSON.stringify(rule))
    }
    assert.equal((await api.request('POST', 'rules', { type: 'x' })).body.errors[0].path, 'name')
    const rule = await newRule()
    const taken = await refusal({ name: (await api.get(`rules/${rule.id}`)).name })
    assert.deepEqual([taken.code, taken.errors[0].path], ['name_taken', 'name'])
    assert.equal(taken.errors[0].fault.code, 'name_taken')
  })

  it('tries templates with events that the rule would look at, before one comes at night', async () => {
    const message = async (rule: object) => {
      const { errors } = await refusal(rule)
      assert.equal(errors[0].path, 'templates.text')
      return String(errors[0].message)
    }
    const off = { enabled: false }
    const text = '{% if failures > 5 %}many{% endif %}'
    assert.match(
      await message({ type: 'fail2ban_ban', templates: { text } }),
      /line 1: .*> does not work between None and int.*such an event of type fail2ban_ban: .*"failures":null/,
    )
    assert.match(
      await message({ type: 'monitor_state', templates: { text: '{{ latency_ms|round + 1 }}' } }),
      /such an event of type monitor_state/,
    )
    const guarded = '{% if failures|default(0, true) > 5 %}many{% endif %}'
    const { id } = await newRule({ ...off, type: 'fail2ban_ban', templates: { text: guarded } })
    assert.equal((await api.request('PATCH', `rules/${id}`, { templates: { text } })).status, 400)
    await newRule({ ...off, type: 'fail2ban_ban', conditions: { failures: '> 3' }, templates: { text } })
    // What others send may have any field, until one comes that has not.
    const own = { type: 'uplink', templates: { text: '{% if loss < 5 %}well{% endif %}' } }
    const made = await newRule({ ...own, conditions: { speed: { exists: true } } })
    await api.post('events', [{ type: 'uplink', speed: 100 }])
    assert.match(await message(own), /loss is not there, and < needs a value; .* type uplink: .*"speed":100/)
    assert.equal((await api.request('PATCH', `rules/${made.id}`, off)).status, 200)
    await newRule({ ...off, type: 'ml_prediction', templates: { text: '{{ attack_score + 1 }}' } })
  })

  it('keeps what was said, proposes what was not, and changes only what is named', async () => {
    const said = {
      name: 'whole',
      description: 'd',
      type: 'fail2ban_ban',
      conditions: { jail: { operator: 'in', value: ['sshd'] } },
      severity: 'MEDIUM',
      channels: ['hook'],
      cooldown: '1h30m',
      cooldown_scope: 'rule',
      reminder: ['1h', '4h'],
      notify_recovery: true,
      resolve_after: null,
      rate: { at_least: 3, within: '10m', distinct: 'ip' },
      templates: { subject: 'S {{ ip }}', text: 'T', html: '<b>H</b>' },
      enabled: false,
    }
    const made = await api.post('rules', said)
    const { id } = made
    for (const [key, value] of Object.entries(said)) assert.deepEqual(made[key], value, key)
    assert.deepEqual(await api.get(`rules/${id}`), made)
    const changed = await api.patch(`rules/${id}`, { severity: null, rate: null, reminder: 0 })
    assert.deepEqual(
      { ...changed, updated_at: null },
      { ...made, severity: null, rate: null, reminder: 0, updated_at: null, updated_by: changed.updated_by },
    )
    await api.remove(`rules/${id}`)
    assert.equal((await api.request('GET', `rules/${id}`)).status, 404)
    assert.equal((await api.request('PATCH', `rules/${id}`, {})).status, 404)
    assert.equal((await api.request('DELETE', `rules/${id}`)).status, 404)

    const proposed = await Promise.all(
      ['ml_prediction', 'zeek_detection', 'fail2ban_ban', 'monitor_state', 'mine'].map((type, n) =>
        api.post('rules', { name: `proposed ${n}`, type, enabled: false }),
      ),
    )
    assert.deepEqual(
      proposed.map((rule) => [rule.cooldown, rule.notify_recovery, rule.cooldown_scope, rule.resolve_after]),
      [
        ['30m', false, 'subject', '1h'],
        ['15m', false, 'subject', '1h'],
        ['1h', false, 'subject', '1h'],
        ['0', true, 'subject', null],
        ['0', false, 'subject', '1h'],
      ],
    )
  })

  it('a rule of type custom hears of types that no rule type names, beside a rule of their own', async () => {
    const custom = await newRule({ type: 'custom', conditions: { marker: '== fall-through' } })
    const own = await newRule({ type: 'own type', conditions: { marker: '== fall-through' }, channels: [] })
    const matched = async (type: string): Promise<number[]> =>
      (await api.explain({ type, marker: 'fall-through', subject: type })).rules
        .filter(({ decisions }: Json) => decisions.length > 0)
        .map(({ rule }: Json) => rule.id)
    assert.deepEqual(await matched('own type'), [custom.id, own.id])
    for (const type of ['custom', 'test', 'fail2ban_action', 'prometheus_alert', 'crowdsec_decision'])
      assert.deepEqual(await matched(type), [custom.id], type)
    for (const type of ['ml_prediction', 'zeek_detection', 'fail2ban_ban'])
      assert.deepEqual(await matched(type), [], type)
    await api.remove(`rules/${custom.id}`)
  })

  it('lets pass what is at or above the threshold', async () => {
    const rule = await newRule({ severity: 'HIGH' })
    const sent = await send(
      rule,
      ...['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].map((severity) => ({ severity, subject: severity })),
      { subject: 'unsaid' },
    )
    assert.deepEqual(sent, ['', '', 'first', 'first', ''])
    assert.equal((await api.get(`rules/${rule.id}`)).triggers, 2)
  })

  it('fires every rule that matches, in the order of their ids', async () => {
    const first = await newRule({ type: 'shared' })
    const second = await newRule({ type: 'shared' })
    const { rules } = await api.explain({ type: 'shared' })
    assert.deepEqual(
      rules.map(({ rule, decisions }: Json) => [rule.id, decisions[0].outcome]),
      [
        [first.id, 'first'],
        [second.id, 'merged'],
      ],
    )
  })

  it('tells each subject once per cooldown, and again from its exact end on', async () => {
    const rule = await newRule({ cooldown: '10m', resolve_after: null })
    assert.deepEqual(await send(rule, { subject: 'a' }, { subject: 'b' }, { subject: 'a' }), [
      'first',
      'first',
      'cooldown',
    ])
    api.advance(9 * MINUTE)
    assert.deepEqual(await send(rule, { subject: 'a' }), ['cooldown'])
    api.advance(MINUTE)
    assert.deepEqual(await send(rule, { subject: 'a' }, { subject: 'a' }), ['repeat', 'cooldown'])
    const alert = (await api.get(`alerts?rule=${rule.id}&subject=a`)).items
    assert.deepEqual([alert.length, alert[0].count], [1, 5])
  })

  it('counts one cooldown for all subjects where the rule says so', async () => {
    const rule = await newRule({ cooldown: '10m', cooldown_scope: 'rule' })
    assert.deepEqual(await send(rule, { subject: 'a' }, { subject: 'b' }), ['first', 'cooldown'])
    api.advance(10 * MINUTE)
    assert.deepEqual(await send(rule, { subject: 'c' }, { subject: 'a' }), ['first', 'cooldown'])
  })

  it('goes on with the cooldown after the alert ended', async () => {
    const rule = await newRule({ cooldown: '10m' })
    assert.deepEqual(await send(rule, { subject: 'a' }), ['first'])
    const [{ id }] = (await api.get(`alerts?rule=${rule.id}`)).items
    await api.post(`alerts/${id}/resolve`)
    assert.deepEqual(await send(rule, { subject: 'a' }), ['cooldown'])
    assert.deepEqual((await api.get(`alerts?rule=${rule.id}`)).items.length, 2)
  })

  it('begins the cooldown when the alert is recorded, though no message arrives', async () => {
    const rule = await newRule({ channels: ['dead'], cooldown: '10m' })
    const { ids } = await api.post('events', { type: rule.type, subject: 'a' })
    const triedAs = async (status: string) => {
      const [one] = (await api.explain(ids[0])).notifications
      return one.status === status && one.attempts.length > 1 && one
    }
    await until(() => triedAs('pending'), 'a second attempt')
    // It is given up by the clock of the server, within the cooldown: how long attempts take does not matter.
    api.advance(6 * MINUTE)
    const notification = await until(() => triedAs('failed'), 'the end of the attempts')
    assert.equal(notification.attempts[0].code, 500)
    assert.deepEqual(await send(rule, { subject: 'a' }), ['cooldown'])
  })

  it('without a cooldown tells every event', async () => {
    const rule = await newRule()
    assert.deepEqual(await send(rule, { subject: 'a' }, { subject: 'a' }, { subject: 'a' }), [
      'first',
      'repeat',
      'repeat',
    ])
  })

  it('waits for as many events of a subject as the rate needs', async () => {
    const rule = await newRule({ rate: { at_least: 3, within: '1m' }, cooldown: '1h' })
    assert.deepEqual(await send(rule, ...Array(4).fill({ subject: 'a' }), { subject: 'b' }), [
      'rate',
      'rate',
      'first',
      'cooldown',
      'rate',
    ])
    api.advance(2 * MINUTE)
    assert.deepEqual(await send(rule, { subject: 'b' }, { subject: 'b' }), ['rate', 'rate'], 'the window moved on')
    assert.deepEqual(await send(rule, { subject: 'b' }), ['first'])
  })

  it('counts distinct values where the rate says so, and goes on counting when the rule is changed', async () => {
    const rule = await newRule({ rate: { at_least: 3, within: '1m', distinct: 'port' }, cooldown: '1h' })
    const ports = (...list: unknown[]) => send(rule, ...list.map((port) => ({ subject: 'a', port })))
    assert.deepEqual(await ports(22, 22, 22, 23, null), ['rate', 'rate', 'rate', 'rate', 'rate'])
    await api.patch(`rules/${rule.id}`, { description: 'changed' })
    assert.deepEqual(await ports(23, 24), ['rate', 'first'])
  })

  it('opens nothing for an event that was more than an hour old when it came', async () => {
    const rule = await newRule()
    const ago = (minutes: number) => new Date(api.now() - minutes * MINUTE).toISOString()
    assert.deepEqual(await send(rule, { subject: 'old', at: ago(61) }, { subject: 'new', at: ago(59) }), [
      'too_old',
      'first',
    ])
    assert.deepEqual((await api.get(`alerts?rule=${rule.id}`)).items.length, 1)
  })

  it('a disabled rule does nothing until it is enabled', async () => {
    const rule = await newRule({ enabled: false })
    assert.deepEqual(await send(rule, { subject: 'a' }), [''])
    await api.patch(`rules/${rule.id}`, { enabled: true })
    assert.deepEqual(await send(rule, { subject: 'a' }), ['first'])
  })

  it('deleting a rule ends its alerts, and tells so the channels that machines read', async () => {
    const rule = await newRule({ notify_recovery: true })
    await send(rule, { subject: 'a' })
    const [{ id }] = (await api.get(`alerts?rule=${rule.id}`)).items
    await api.remove(`rules/${rule.id}`)
    const alert = await api.get(`alerts/${id}`)
    assert.deepEqual([alert.status, alert.resolved_by], ['resolved', 'removed'])
    assert.deepEqual(
      alert.notifications.map(({ reason }: Json) => reason),
      ['first', 'resolved'],
    )
  })

  it('the older panel’s channel and rules are there, and asleep', async () => {
    const { items } = await api.get('rules')
    const seeded = items.filter(({ created_by: by }: Json) => by === 'system')
    assert.equal(seeded.length, 5)
    assert.ok(seeded.every(({ enabled, channels }: Json) => !enabled && channels[0] === 'Email Principal'))
  })
})
