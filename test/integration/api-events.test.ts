import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

describe('events over HTTP', () => {
  let api: TestServer
  before(async () => {
    api = await startTestServer()
  })
  after(() => api.stop())

  const NDJSON = { 'content-type': 'application/x-ndjson' }
  const count = async () => (await api.get('events?limit=1000')).items.length

  it('takes one, an array and lines, and answers their ids in order', async () => {
    const one = await api.request('POST', 'events', { type: 'door', room: 'server' })
    assert.equal(one.status, 202)
    const three = await api.request(
      'POST',
      'events',
      ['a', 'b', 'c'].map((subject) => ({ type: 'door', subject })),
    )
    const lines = await api.request('POST', 'events', '{"type":"line","n":1}\n\n{"type":"line","n":2}\n', NDJSON)
    const ids = [...one.body.ids, ...three.body.ids, ...lines.body.ids]
    assert.equal(ids.length, 6)
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    )
    const stored = await Promise.all(ids.map((id) => api.get(`events/${id}`)))
    assert.deepEqual(
      stored.map(({ type, subject, n }) => [type, subject, n]),
      [
        ['door', 'door', undefined],
        ['door', 'a', undefined],
        ['door', 'b', undefined],
        ['door', 'c', undefined],
        ['line', 'line', 1],
        ['line', 'line', 2],
      ],
    )
  })

  it('fills in what is not said, and keeps every further field', async () => {
    const before = api.now()
    const fields = { nested: { a: [1, 'ñ', null] }, empty: '', no: false, big: 1e300 }
    const bare = await api.get(`events/${await api.event({ type: 'bare', ...fields })}`)
    const { nested, empty, no, big } = bare
    assert.deepEqual({ nested, empty, no, big }, fields)
    assert.deepEqual([bare.severity, bare.subject, bare.source], ['LOW', 'bare', 'api'])
    assert.ok(Date.parse(bare.at) >= before && Date.parse(bare.at) <= api.now())
    const subjectOf = async (event: object) => (await api.get(`events/${await api.event(event)}`)).subject
    assert.equal(await subjectOf({ type: 'x', ip: '192.0.2.1', host: 'h' }), '192.0.2.1')
    assert.equal(await subjectOf({ type: 'x', host: 'h' }), 'h')
    assert.equal(await subjectOf({ type: 'x', ip: 7, host: '' }), 'x')
    assert.equal(await subjectOf({ type: 'x', subject: 'own', ip: '192.0.2.1' }), 'own')
    const at = await api.event({ type: 'x', at: '2020-02-03T04:05:06+02:00' })
    assert.equal((await api.get(`events/${at}`)).at, '2020-02-03T02:05:06.000Z')
  })

  it('takes no types that the server alone makes', async () => {
    const before = await count()
    for (const type of [
      'monitor_state',
      'channel_failed',
      'port_state',
      'correlation',
      'vigia_blind',
      'vigia_anything',
    ]) {
      const { status, body } = await api.request('POST', 'events', { type, subject: 'x', state: 'up' })
      assert.deepEqual([status, body.code, body.errors[0].path], [400, 'invalid_input', 'type'], type)
      assert.match(body.detail, new RegExp(`${type} is reserved: this server alone makes such events`))
    }
    const among = await api.request('POST', 'events', [{ type: 'x' }, { type: 'monitor_state' }])
    assert.deepEqual([among.status, among.body.errors[0].path], [400, '1.type'])
    const line = await api.request('POST', 'events', '{"type":"x"}\n{"type":"vigia_late"}\n', NDJSON)
    assert.equal(line.status, 400)
    assert.equal(await count(), before, 'nothing of a batch is taken')
    for (const type of [
      'prometheus_alert',
      'zeek_detection',
      'fail2ban_ban',
      'custom',
      'summary',
      'vigia',
      'my_monitor_state',
    ])
      await api.event({ type })
    await api.event({ type: 'ml_prediction', confidence: 91 })
    const preview = { templates: { text: '{{ state }}' }, event: { type: 'monitor_state', state: 'down' } }
    assert.equal((await api.post('rules/preview', preview)).text, 'down', 'a sample may be of any type')
  })

  it('takes an empty body for none, and no packed one, at every door', async () => {
    await api.post('rules', { name: 'to be ended', type: 'ended by hand' })
    await api.event({ type: 'ended by hand' })
    const [{ id }] = (await api.get('alerts?status=firing')).items
    const json = { 'content-type': 'application/json' }
    for (const headers of [json, {}]) {
      const taken = await api.request('POST', `alerts/${id}/acknowledge`, undefined, headers)
      assert.deepEqual([taken.status, taken.body.acknowledgement?.note], [200, ''], 'nothing in its body must be there')
    }
    const ended = await api.request('POST', `alerts/${id}/resolve`, undefined, json)
    assert.deepEqual([ended.status, ended.body.status], [200, 'resolved'])
    for (const { id: rule } of (await api.get('rules')).items)
      assert.equal((await api.request('DELETE', `rules/${rule}`, undefined, json)).status, 204)
    const none = await api.request('POST', 'rules', undefined, json)
    assert.deepEqual([none.status, none.body.code], [400, 'invalid_input'], 'what needs a body says so')
    assert.equal(none.body.detail, 'The body is empty; send a JSON object.')
    const events = await api.request('POST', 'events', undefined, json)
    assert.deepEqual([events.status, events.body.code], [400, 'invalid_input'])

    const gzip = { ...json, 'content-encoding': 'gzip' }
    const body = gzipSync('{"type":"x"}')
    for (const path of ['events', 'monitors', 'rules', '/alerts/api/channels', '/api/v2/alerts', 'bans']) {
      const { status, text } = await api.request('POST', path, body, gzip)
      assert.equal(status, 415, path)
      assert.match(text, /The body is packed \(Content-Encoding: gzip\); send it as it is\./, path)
    }
    const lines = await api.request('POST', 'events', body, { ...NDJSON, 'content-encoding': 'gzip' })
    assert.deepEqual([lines.status, lines.body.code], [415, 'unsupported_encoding'])
    const plain = await api.request('POST', 'events', { type: 'x' }, { 'content-encoding': 'identity' })
    assert.equal(plain.status, 202)
  })

  it('reads the older name of a detection as ours, for rules that were written with either', async () => {
    for (const name of ['dga', 'dga_domain']) {
      const conditions = { detection_type: { operator: '==', value: name } }
      await api.post('rules', { name: `names by ${name}`, type: 'zeek_detection', conditions })
    }
    for (const detection of ['dga', 'dga_domain']) {
      const id = await api.event({ type: 'zeek_detection', detection_type: detection, ip: '10.0.0.5' })
      const { rules } = await api.explain(id)
      assert.deepEqual(
        rules.filter(({ conditions }: Json) => conditions.passed).map(({ rule }: Json) => rule.name),
        ['names by dga', 'names by dga_domain'],
      )
    }
  })

  it('completes predictions of a classifier, and never believes one to be critical', async () => {
    const stored = async (event: object) => api.get(`events/${await api.event({ type: 'ml_prediction', ...event })}`)
    const cases: readonly (readonly [object, object])[] = [
      [{ ml_confidence: 0.8 }, { severity: 'MEDIUM', confidence: 80 }],
      [{ ml_confidence: 0.899 }, { severity: 'MEDIUM', confidence: 89 }],
      [{ confidence: 90 }, { severity: 'HIGH', ml_confidence: 0.9 }],
      [{ ml_confidence: 0.79 }, { severity: 'LOW' }],
      [{ ml_confidence: 1, severity: 'CRITICAL' }, { severity: 'HIGH' }],
      [{ ml_confidence: 0.95, severity: 'LOW' }, { severity: 'LOW' }],
      [{ confidence: 'sure' }, { severity: 'LOW', confidence: 'sure' }],
    ]
    for (const [sent, expected] of cases) assert.partialDeepStrictEqual(await stored(sent), expected)
    for (const [wrong, message] of [
      [{ ml_confidence: 85 }, /ml_confidence must be from 0 to 1; confidence is from 0 to 100/],
      [{ confidence: -1 }, /confidence must be from 0 to 100/],
    ] as const) {
      const { status, text } = await api.request('POST', 'events', { type: 'ml_prediction', ...wrong })
      assert.equal(status, 400)
      assert.match(text, message)
    }
  })

  it('does nothing when the same key comes again, also at the same moment', async () => {
    const send = () => api.request('POST', 'events', { type: 'keyed' }, { 'idempotency-key': 'k-1' })
    const answers = [await send(), ...(await Promise.all([send(), send(), send()])), await send()]
    for (const answer of answers) {
      assert.equal(answer.status, 202)
      assert.deepEqual(answer.body, answers[0]!.body)
    }
    assert.equal((await api.get('events?type=keyed')).items.length, 1)
    const other = await api.request('POST', 'events', { type: 'keyed' }, { 'idempotency-key': 'k-2' })
    assert.notDeepEqual(other.body, answers[0]!.body)
    const long = await api.request('POST', 'events', { type: 'keyed' }, { 'idempotency-key': 'k'.repeat(201) })
    assert.deepEqual([long.status, long.body.code], [400, 'invalid_input'])
  })

  it('refuses an event of more than 64 KB, and tells those of an older server in pages of a few', async () => {
    const large = { type: 'large', text: 'ñ'.repeat(40_000) }
    const refused = await api.request('POST', 'events', [{ type: 'small' }, large])
    assert.deepEqual([refused.status, refused.body.code], [413, 'too_large'])
    assert.match(refused.body.detail, /^1 has more than 64 KB/)
    assert.equal((await api.request('POST', 'events', { ...large, text: 'x'.repeat(60_000) })).status, 202)

    const { events } = api.server.storage
    for (let number = 0; number < 12; number++)
      await events.insert({
        type: 'old',
        source: 'api',
        severity: 'LOW',
        subject: `old ${number}`,
        at: api.now(),
        receivedAt: api.now(),
        monitorId: null,
        data: { text: 'x'.repeat(1_000_000) },
      })
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const { status, text, body } = await api.request('GET', `events?type=old&limit=1000${cursor}`)
      assert.equal(status, 200)
      assert.ok(text.length < 5_000_000)
      seen.push(...body.items.map(({ subject }: { subject: string }) => subject))
      if (body.next_cursor === null) break
      cursor = `&cursor=${body.next_cursor}`
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 12 }, (_, index) => `old ${11 - index}`),
    )
  })

  it('stores a batch of 1,000, and of 1,001 or none nothing at all', async () => {
    const batch = (length: number) => Array.from({ length }, (_, index) => ({ type: 'bulk', index }))
    const before = await count()
    for (const wrong of [batch(1001), []]) {
      const answer = await api.request('POST', 'events', wrong)
      assert.equal(answer.status, 400)
      assert.match(answer.body.detail, /1 to 1000 events/)
    }
    assert.equal(await count(), before)
    assert.equal((await api.post('events', batch(1000))).ids.length, 1000)
    assert.equal((await api.get('events?type=bulk&limit=1000')).items.length, 1000)
  })

  it('names the place of what is wrong, and keeps nothing of the batch', async () => {
    const before = (await api.get('events?limit=1')).items[0].id
    const wrong: readonly [body: unknown, path: string, message: RegExp][] = [
      [{}, 'type', /1 to 100 characters/],
      [{ type: 5 }, 'type', /1 to 100/],
      [{ type: 'x'.repeat(101) }, 'type', /1 to 100/],
      [{ type: 'x', severity: 'high' }, 'severity', /LOW, MEDIUM, HIGH, CRITICAL/],
      [{ type: 'x', severity: null }, 'severity', /one of/],
      [{ type: 'x', subject: '' }, 'subject', /1 to 300/],
      [{ type: 'x', subject: 7 }, 'subject', /1 to 300/],
      [{ type: 'x', subject: 'a\0b' }, 'subject', /NUL/],
      [{ type: 'x\0' }, 'type', /NUL/],
      [{ type: 'x', at: 'yesterday' }, 'at', /ISO 8601/],
      [{ type: 'x', at: '2999-01-01' }, 'at', /future/],
      [{ type: 'x', at: -1 }, 'at', /ISO 8601/],
      [[{ type: 'x' }, { type: 'x' }, { type: 'x', at: true }], '2.at', /ISO 8601/],
      [[{ type: 'x' }, null], '1', /must be an event/],
      [[['x']], '0', /must be an event/],
      ['"text"', '', /must be an event/],
      ['null', '', /must be an event/],
      [`{"type":"x","a":${'['.repeat(40)}${']'.repeat(40)}}`, '', /deeper than 32/],
    ]
    for (const [body, path, message] of wrong) {
      const answer = await api.request('POST', 'events', body)
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.equal(answer.body.code, 'invalid_input')
      assert.equal(answer.body.errors[0].path, path)
      assert.match(answer.body.errors[0].message, message)
    }
    const lines = await api.request('POST', 'events', '{"type":"x"}\n{"type":\n', NDJSON)
    assert.deepEqual([lines.status, lines.body.code], [400, 'bad_json'])
    assert.match(lines.body.detail, /line 2/)
    for (const body of ['{', '{"type":"x"', 'type=x']) {
      const answer = await api.request('POST', 'events', body)
      assert.deepEqual([answer.status, answer.body.code], [400, 'bad_json'], body)
    }
    const form = await api.request('POST', 'events', 'type=x', { 'content-type': 'text/plain' })
    assert.deepEqual([form.status, form.body.code], [415, 'unsupported_media_type'])
    assert.equal((await api.get('events?limit=1')).items[0].id, before)
  })

  it('an event may have fields named as ours, and as the parts of a problem', async () => {
    const odd = { type: 'odd', path: '/etc', message: 'm', id: 'mine', source: 'mine', received_at: 'mine' }
    const event = await api.get(`events/${await api.event(odd)}`)
    assert.deepEqual([event.path, event.message], ['/etc', 'm'])
    const lines = await api.request('POST', 'events', JSON.stringify({ ...odd, type: undefined }), NDJSON)
    assert.deepEqual([lines.status, lines.body.errors[0].path], [400, '0.type'])
    const untyped = await api.request('POST', 'events', { path: '/etc', message: 'm' })
    assert.deepEqual([untyped.status, untyped.body.code, untyped.body.errors[0].path], [400, 'invalid_input', 'type'])
  })

  it('lists in pages, by type', async () => {
    await api.post(
      'events',
      Array.from({ length: 5 }, (_, n) => ({ type: 'paged', n })),
    )
    const seen: number[] = []
    for (let query = 'events?type=paged&limit=2'; query; ) {
      const { items, next_cursor: next } = await api.get(query)
      seen.push(...items.map(({ n }: { n: number }) => n))
      query = next === null ? '' : `events?type=paged&limit=2&cursor=${next}`
    }
    assert.deepEqual(seen, [4, 3, 2, 1, 0])
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'cursor=0', 'cursor=x', 'cursor=1e30'])
      assert.equal((await api.request('GET', `events?${query}`)).status, 400, query)
    assert.equal((await api.request('GET', 'events/999999')).status, 404)
    assert.equal((await api.request('GET', 'events/x')).status, 400)
  })

  it('is for operators; a viewer only reads', async () => {
    const viewer = { authorization: `Bearer ${api.tokens.viewer}` }
    assert.equal((await api.request('GET', 'events', undefined, viewer)).status, 200)
    const refused = await api.request('POST', 'events', { type: 'x' }, viewer)
    assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'])
    const operator = { authorization: `Bearer ${api.tokens.operator}` }
    assert.equal((await api.request('POST', 'events', { type: 'x' }, operator)).status, 202)
  })
})
