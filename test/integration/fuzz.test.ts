import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { onBothEngines } from '../fixtures/both-engines.ts'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

const SECRET = 's3cret-of-the-channel'
const LIMITS = { interruptAfterTimeLimit: 2500, numRuns: 300 } as const
/** Nothing that a client can send may keep it waiting longer. */
const PATIENCE_MS = 5000

interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Json[]
  readonly body: Json | undefined
}

/** Values that break what was not thought of: prototype keys, odd numbers, NUL, lone halves of characters, depth. */
const oddText = fc.constantFrom(
  '',
  ' ',
  '\0',
  '\ud800',
  '__proto__',
  'constructor',
  'toString',
  '***',
  '{{ 7 * 7 }}',
  "'; drop table events; --",
  '../../etc/passwd',
  '%00',
  '2026-02-30T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '99999999999999d',
  '999999d',
  '0',
  '5m',
  '=~',
  'x'.repeat(5000),
)
const oddNumber = fc.constantFrom(0, -0, -1, 1, 2 ** 31, 2 ** 53, 2 ** 63, 1e300, -1e300, 5e-324, 0.1)
const nested = (depth: number): Json => {
  let value: Json = 1
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value }
  return value
}
const anything: fc.Arbitrary<Json> = fc.oneof(
  { maxDepth: 3 },
  fc.jsonValue({ maxDepth: 3 }),
  oddText,
  fc.string({ unit: 'binary', maxLength: 30 }),
  oddNumber,
  fc.constantFrom(null, true, false, [], {}, nested(40), nested(2000)),
)

/** What a schema cannot say, so that enough gets past the first look. Nothing here leads to another machine. */
const KNOWN: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  options: fc.constantFrom({ url: 'http://localhost:1/' }, { host: '127.0.0.1', port: 1 }, {}),
  target: fc.constantFrom('tcp://127.0.0.1:1', 'icmp://127.0.0.1', 'http://127.0.0.1:1/'),
  type: fc.constantFrom('webhook', 'tcp', 'one', 'monitor_state', 'custom', 'fuzz'),
  channels: fc.constantFrom([], ['secret'], [1], ['nobody']),
  conditions: fc.constantFrom({}, { n: '> 5' }, { n: 5 }, { any: [{ n: { in: [1, 'x'] } }] }),
  ends_at: fc.constantFrom('2999-01-01', '+275760-09-13T00:00:00Z', 'soon'),
  starts_at: fc.constantFrom('2020-01-01T00:00:00Z', '2998-01-01', 'x'),
  until: fc.constantFrom('2999-01-01', '+275760-09-13T00:00:00Z', 'x'),
  from: fc.constantFrom('2020-01-01', '-271821-04-20T00:00:00Z', 'x'),
  to: fc.constantFrom('2026-01-01', '+275760-09-13T00:00:00Z', 'x'),
  cron: fc.constantFrom('0 8 * * *', '0 0 31 2 *', '* * * * * *', 'x'),
  time_zone: fc.constantFrom('UTC', 'America/Lima', 'Mars/Base', null),
  event: fc.constantFrom({ type: 'one', n: 7 }, { type: 'one', at: 'x' }, {}),
  name: fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), oddText),
}
const DURATIONS = fc.constantFrom('0', '1ms', '5m', '1h30m', '999999d', '999999999h', '1.000000001s')

/** Mostly what the schema wants, now and then something else: deep enough to get past the first look. */
const fitting = (schema: Json, key = ''): fc.Arbitrary<Json> => {
  const right = (): fc.Arbitrary<Json> => {
    if (Object.hasOwn(KNOWN, key)) return KNOWN[key]!
    if (schema?.const !== undefined) return fc.constant(schema.const)
    if (schema?.enum) return fc.constantFrom(...schema.enum)
    if (schema?.anyOf) return fc.oneof(...schema.anyOf.map((one: Json) => fitting(one)))
    if (schema?.type === 'array')
      return fc.array(fitting(schema.items), { minLength: schema.minItems ?? 0, maxLength: 3 })
    if (schema?.type === 'integer') {
      const { minimum: min = 0, maximum = 2 ** 53 } = schema
      return fc.constantFrom(min, min + 1, min + 4, maximum)
    }
    if (schema?.type === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true })
    if (schema?.type === 'boolean') return fc.boolean()
    if (schema?.type === 'null') return fc.constant(null)
    if (schema?.type === 'string' && schema.pattern?.includes('(ms|s|m|h)')) return DURATIONS
    if (schema?.type === 'string')
      return fc.oneof(oddText, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }))
    if (schema?.type === 'object') {
      const entries = Object.entries(schema.properties ?? {}).map(
        ([name, inner]) => [name, fitting(inner, name)] as const,
      )
      const required = (schema.required ?? []) as string[]
      return fc.oneof(
        fc.record(Object.fromEntries(entries), { requiredKeys: required }),
        // Few fields at once, so that one that is refused does not hide the rest.
        fc
          .record(Object.fromEntries(entries.filter(([name]) => required.includes(name))))
          .chain((base) =>
            entries.length === 0
              ? fc.constant(base)
              : fc.constantFrom(...entries).chain(([name, value]) => value.map((one) => ({ ...base, [name]: one }))),
          ),
      )
    }
    return anything
  }
  return fc.oneof({ weight: 25, arbitrary: right() }, { weight: 1, arbitrary: anything })
}

const suite = (name: string, databaseUrl: () => Promise<string | { readonly skip: string } | undefined>) =>
  describe(`whatever is sent to the API on ${name}`, () => {
    let api: TestServer | undefined
    let skip = ''
    let operations: Operation[] = []
    before(async () => {
      const url = await databaseUrl()
      if (typeof url === 'object') {
        skip = url.skip
        return
      }
      api = await startTestServer(url === undefined ? {} : { databaseUrl: url })
      await api.post('channels', {
        name: 'secret',
        type: 'telegram',
        options: { bot_token: SECRET, chat_id: '1' },
        enabled: false,
      })
      await api.post('rules', { name: 'one', type: 'one', channels: ['secret'], cooldown: '1h' })
      await api.post('rules', { name: 'states', type: 'monitor_state', resolve_after: null })
      await api.event({ type: 'one' })
      const document = await api.get('openapi.json')
      operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
        Object.entries<Json>(methods)
          // What never ends, what would end the run itself, and what only costs time by design.
          .filter(() => !/\/(live|me\/|tokens|users|docs)|\/test$/.test(path))
          .map(([method, { parameters, requestBody }]) => ({
            method: method.toUpperCase(),
            path,
            parameters,
            body: requestBody?.content['application/json']?.schema,
          })),
      )
    })
    after(() => api?.stop())

    const use = (title: string, test: (server: TestServer) => Promise<void>) =>
      it(title, { timeout: 60_000 }, async (context) => {
        if (!api) return context.skip(skip)
        await test(api)
        assert.doesNotMatch(api.log(), /internal error/)
        assert.ok(!`${api.answered()}${api.log()}`.includes(SECRET))
      })

    /** The one thing that holds of every answer. */
    const hold = (answer: { status: number; text: string; headers: Headers; body: Json }, what: string) => {
      assert.ok(answer.status < 500, `${what} answered ${answer.status}: ${answer.text.slice(0, 500)}`)
      if (answer.status < 400) return
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what)
      assert.match(answer.body.code, /^[a-z_]+$/, what)
      assert.equal(answer.body.status, answer.status, what)
      assert.ok(answer.body.detail.length > 0 && answer.text.length < 20_000, what)
    }
    const send = async (server: TestServer, method: string, path: string, body?: unknown, headers = {}) => {
      const started = performance.now()
      const answer = await server.request(method, path, body, headers)
      const took = performance.now() - started
      const what = `${method} ${path} ${JSON.stringify(body)?.slice(0, 300)}`
      hold(answer, what)
      assert.ok(took < PATIENCE_MS, `${what} took ${took} ms`)
      return answer
    }

    use('bodies and parameters near what the document says get an answer that helps', async (server) => {
      const schedules = fc.constantFrom('keep-events', 'keep-alerts', 'daily-summary', '__proto__')
      const call = fc.constantFrom(...operations).chain((operation) =>
        fc.record({
          operation: fc.constant(operation),
          values: fc.record(
            Object.fromEntries(
              operation.parameters
                .filter((one) => one.in !== 'header')
                .map(({ name: key, schema }) => [
                  key,
                  key === 'id' ? fc.integer({ min: 1, max: 8 }) : key === 'name' ? schedules : fitting(schema, key),
                ]),
            ),
          ),
          body: operation.body ? fitting(operation.body) : fc.constant(undefined),
        }),
      )
      await fc.assert(
        fc.asyncProperty(call, async ({ operation: { method, path, parameters }, values: found, body }) => {
          const values: Readonly<Record<string, Json>> = found
          const inQuery = parameters.filter((one) => one.in === 'query' && values[one.name] !== undefined)
          const encoded = (value: unknown) =>
            encodeURIComponent(
              (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed().slice(0, 2000),
            )
          const query = inQuery.map((one) => `${one.name}=${encoded(values[one.name])}`).join('&')
          const where = path.replace(/\{(\w+)\}/g, (_, key) => encoded(values[key]) || 'x')
          await send(server, method, query ? `${where}?${query}` : where, body)
          // What was stored must not break what is read later.
          for (const list of ['rules', 'channels', 'monitors', 'silences', 'schedules', 'alerts?limit=5'])
            if (method !== 'GET' && path.includes(list.split('?')[0]!)) await send(server, 'GET', list)
        }),
        LIMITS,
      )
    })

    use('any event is stored and can be read, or is refused', async (server) => {
      const event = fc.record(
        {
          type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('one', 'monitor_state', 'channel_failed') }, oddText),
          severity: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('LOW', 'CRITICAL') }, oddText),
          subject: fc.oneof({ weight: 9, arbitrary: fc.string({ unit: 'grapheme', minLength: 1 }) }, oddText),
          at: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(0, '2026-01-01', Date.now()) }, oddText, oddNumber),
          since: anything,
          state: fc.constantFrom('up', 'down', 'degraded', 5, null),
          status: fc.constantFrom('firing', 'resolved', {}),
          channel_id: anything,
          event_type: anything,
          labels: anything,
          cause: anything,
          extra: anything,
        },
        { requiredKeys: ['type'] },
      )
      await fc.assert(
        fc.asyncProperty(fc.oneof(event, fc.array(event, { maxLength: 3 }), anything), async (sent) => {
          const { status, body } = await send(server, 'POST', 'events', JSON.stringify(sent) ?? 'null')
          if (status !== 202) return
          for (const id of body.ids.slice(0, 2)) {
            assert.equal((await send(server, 'GET', `events/${id}`)).status, 200)
            await send(server, 'GET', `events/${id}/explain`)
          }
          await send(server, 'GET', 'alerts?limit=3')
        }),
        LIMITS,
      )
    })

    use('any conditions are saved and looked at, or are refused with their place', async (server) => {
      const field = fc.constantFrom('a', 'a.b', '', '.', '__proto__', 'constructor.name', 'all', 'any', 'not')
      const operator = fc.constantFrom(
        ...['>', '<', '>=', '<=', '==', '!=', 'in', 'not_in', 'contains', 'matches', 'exists', 'cidr', '', 'like'],
      )
      const condition: fc.Arbitrary<Json> = fc.oneof(
        fc.record({ operator, value: anything }),
        fc.dictionary(operator, anything, { maxKeys: 2 }),
        fc.tuple(operator, anything).map(([one, value]) => `${one} ${JSON.stringify(value)?.slice(0, 200)}`),
        anything,
      )
      const flat = fc.dictionary(field, condition, { maxKeys: 3 })
      const conditions = fc.oneof(
        flat,
        fc.record({ any: fc.array(flat, { maxLength: 3 }) }),
        fc.record({ not: flat }),
        anything,
      )
      let saved = 0
      await fc.assert(
        fc.asyncProperty(conditions, fc.dictionary(field, anything), async (wanted, data) => {
          const rule = { name: `fuzz ${++saved}`, type: 'fuzz', conditions: wanted }
          const { status, body } = await send(server, 'POST', 'rules', JSON.stringify(rule))
          if (status !== 201) return assert.equal(body.code === 'bad_json' || body.errors.length > 0, true)
          const sent = await send(server, 'POST', 'events', JSON.stringify({ ...data, type: 'fuzz' }))
          if (sent.status === 202) await send(server, 'GET', `events/${sent.body.ids[0]}/explain`)
          await send(server, 'POST', 'rules/backtest', { rule: { ...rule, conditions: body.conditions } })
          await send(server, 'DELETE', `rules/${body.id}`)
        }),
        LIMITS,
      )
    })

    use('bytes that are no JSON, no UTF-8 or too many are refused', async (server) => {
      const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 50 }))
      const paths = ['events', 'rules', 'channels', 'monitors', 'silences', 'rules/preview', 'rules/backtest']
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...paths), bytes, async (path, body) => {
          await send(server, 'POST', path, body)
          await send(server, 'POST', path, body, { 'content-type': 'application/x-ndjson' })
        }),
        { ...LIMITS, numRuns: 100 },
      )
      const large = 'x'.repeat(1024 * 1024 - 200)
      for (const path of paths) {
        const full = await send(server, 'POST', path, { type: 'x', name: 'x', conditions: large, options: large })
        assert.ok(full.status < 500)
        const over = await send(server, 'POST', path, `{"type":"${large}${'x'.repeat(300)}"}`)
        assert.deepEqual([over.status, over.body.code], [413, 'too_large'])
        for (const open of ['[', '{"a":'])
          await send(server, 'POST', path, `${open.repeat(100_000)}1${(open === '[' ? ']' : '}').repeat(100_000)}`)
        await send(server, 'POST', path, `{"type":"x","name":"x","__proto__":{"admin":true}}`)
        await send(server, 'POST', path, `{"constructor":{"prototype":{"admin":true}}}`)
      }
      const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n]))
      await send(server, 'POST', 'events', { type: 'one', ...wide })
      await send(server, 'POST', 'rules', { name: 'wide', type: 'x', conditions: wide })
      await send(server, 'POST', 'channels', {
        name: 'wide',
        type: 'webhook',
        options: { url: 'http://x/', headers: wide },
      })
      assert.equal(({} as Json).admin, undefined)
    })

    use('odd addresses, methods and headers get an answer too', async (server) => {
      const { hostname, port } = new URL(server.url)
      /** As it stands, without the cleaning that fetch does. */
      const raw = (method: string, path: string, headers: Record<string, string> = {}) =>
        new Promise<void>((resolve, reject) => {
          const authorization = `Bearer ${server.tokens.administrator}`
          request({ hostname, port, method, path, headers: { authorization, ...headers } }, async (response) => {
            let text = ''
            for await (const chunk of response) text += chunk
            const { statusCode = 0, headers: had } = response
            const body = statusCode >= 400 ? JSON.parse(text) : undefined
            hold({ status: statusCode, text, headers: new Headers(had as Record<string, string>), body }, path)
            resolve()
          })
            .on('error', reject)
            .end()
        })
      for (const path of [
        '/api/v1/%zz',
        '/api/v1/events/%00',
        '/api/v1/events/%ff%fe',
        '/api/v1//events',
        '/api/v1/../../etc/passwd',
        '/api/v1/events?limit=1&limit=2',
        '/api/v1/events?__proto__=1&constructor=2',
        '/api/v1/alerts?subject=%ff',
        '/api/v1/alerts?subject[]=a',
        '/api/v1/monitors?filter=%00',
        '/api/v1/schedules/__proto__',
        `/api/v1/events/${'9'.repeat(400)}`,
        `/api/v1/alerts?subject=${'x'.repeat(8000)}`,
        '/nothing/%e0%a4%a',
      ])
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) await raw(method, path)
      await raw('GET', '/api/v1/rules', { 'if-none-match': '\xff'.repeat(100) })
      await raw('GET', '/api/v1/rules', { range: 'bytes=0-1', accept: '*/*;q=x', 'accept-encoding': 'x' })
      await raw('POST', '/api/v1/rules', { 'content-type': 'application/json; charset=utf-16' })
      await raw('POST', '/api/v1/rules', { 'content-type': ';;;' })
      await raw('GET', '/api/v1/rules', { 'content-length': '0', 'x-forwarded-for': 'x'.repeat(1000) })
    })
  })

onBothEngines(suite)
