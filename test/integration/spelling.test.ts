import assert from 'node:assert/strict'
import { it } from 'node:test'
import { everyCall } from '../fixtures/every-call.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, until } from '../fixtures/server.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'

/** Where names of others stand: schemas of JSON, what a caller sent as the audit log keeps it, what people call things. */
const THEIRS = new Set(['details', 'labels', 'options'])
const HUMP = /[a-z][A-Z]/

/** Names in an answer that are not written as the API writes them. */
const humpsIn = (value: Json, at = ''): readonly string[] => {
  if (value === null || typeof value !== 'object') return []
  return Object.entries<Json>(value).flatMap(([name, inner]) => {
    const place = Array.isArray(value) ? `${at}[]` : `${at}.${name}`
    const own = !Array.isArray(value) && HUMP.test(name) ? [place] : []
    return THEIRS.has(name) ? own : [...own, ...humpsIn(inner, place)]
  })
}

/** Every name of a field in a schema. */
const fieldsOf = (schema: Json): readonly string[] => {
  if (schema === null || typeof schema !== 'object') return []
  return [
    ...Object.keys(schema.properties ?? {}),
    ...Object.values<Json>(schema.properties ?? {}).flatMap(fieldsOf),
    ...[schema.items, ...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap(fieldsOf),
  ]
}

it('the API writes every name of its own in snake_case', async (test) => {
  const hook = await createHttpSink()
  test.after(() => hook.close())
  const server = await startTestServer({
    wanted: { monitors: [fileMonitor('watched', { channels: ['hook'] })], channels: [fileChannel('hook', hook.url)] },
  })
  test.after(() => server.stop())
  const { get, post, push, request, log } = server
  await push('watched')
  await push('watched', true)
  await until(async () => (await get('alerts')).items.length > 0, 'an alert')
  const [, address] = /push URL of watched: (\S+)"/.exec(log())!
  await fetch(`${address}?ping=12`)
  await until(async () => (await get('events')).items[0].latency_ms === 12, 'an event with a latency')
  await until(async () => (await get('engine')).stalls, 'figures of the engine')
  await server.delivered()
  const soon = new Date(server.now() + 3_600_000)
  const cron = `${soon.getUTCMinutes()} ${soon.getUTCHours()} * * *`
  const matchers = [{ name: 'type', value: 'nothing-of-this-type' }]
  const plan = await post('maintenance/plans', { name: 'soon', matchers, cron, duration: '1h' })
  const planned = await until(
    async () => (await get('maintenance')).items.find(({ name }: Json) => name === 'soon'),
    'the window of a plan',
  )
  assert.equal(planned.plan_id, plan.id)

  const { changes, reads } = await everyCall(server)
  const known = await get('monitors')
  const [monitor] = known.items
  const [notification] = (await get('notifications')).items
  const more = [
    ...['about', 'engine', 'me', 'settings', 'sources', 'ports', 'bans', 'phrases?language=es', 'channels'],
    ...[`monitors/strips?ids=${monitor.id}`, `notifications/${notification.id}`, `alerts/${notification.alert}`],
    ...['entry', 'path', 'push-url', 'results', 'series', 'transitions', 'uptime'].map(
      (one) => `monitors/${monitor.id}/${one}`,
    ),
  ].map((path) => ({ method: 'GET', path, body: undefined }))
  const wrong = new Set<string>()
  for (const { method, path, body } of [...reads, ...more, ...changes]) {
    const answer = await request(method, path, body)
    assert.ok(
      answer.status < (method === 'GET' ? 300 : 500),
      `${method} ${path} answered ${answer.status}: ${answer.text}`,
    )
    for (const place of humpsIn(answer.body)) wrong.add(`${method} ${path.replaceAll(/\d+/g, 'ID')} ${place}`)
  }
  assert.deepEqual([...wrong], [])

  const document = await get('openapi.json')
  const schemas = Object.values<Json>(document.paths).flatMap((methods) =>
    Object.values<Json>(methods).flatMap(({ requestBody, responses }) =>
      [requestBody, ...Object.values<Json>(responses)].flatMap((one) =>
        Object.values<Json>(one?.content ?? {}).map(({ schema }) => schema),
      ),
    ),
  )
  const { probes, channels, channel, monitor: entry } = await get('types')
  const options = [...probes, ...channels].map((type: Json) => type.options)
  assert.deepEqual(
    [...schemas, ...options, channel, entry].flatMap(fieldsOf).filter((name) => HUMP.test(name)),
    [],
  )
})
