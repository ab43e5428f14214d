import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it, type TestContext } from 'node:test'
import pg from 'pg'
import { inSpiteOf } from '#lib/run/in-spite-of.ts'
import { isDeadlock } from '#storage/storage-error.ts'
import { type Call, everyCall } from '../fixtures/every-call.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'

/** Somebody else holds the store; returns how he lets go of it. */
type Hold = (server: TestServer) => Promise<() => Promise<void>>

const holdFile: Hold = async ({ folder }) => {
  const other = new DatabaseSync(join(folder, 'vigia.db'), { timeout: 5000 })
  other.exec('begin immediate')
  return async () => {
    other.exec('rollback')
    other.close()
  }
}

const holdTables =
  (databaseUrl: string): Hold =>
  async () => {
    const hand = new pg.Client({ connectionString: databaseUrl })
    await hand.connect()
    const { rows } = await hand.query("select tablename from pg_tables where schemaname = 'public'")
    const tables = rows.map(({ tablename }) => tablename).join(', ')
    await inSpiteOf(isDeadlock, async () => {
      await hand.query('rollback')
      await hand.query('begin')
      await hand.query(`lock table ${tables} in access exclusive mode`)
    })
    return () => hand.end()
  }

/** What stands in the lists of all that was called to be changed, but for what a call in vain leaves behind. */
const LISTS = ['users', 'rules', 'channels', 'silences', 'maintenance', 'maintenance/plans', 'settings', 'schedules']
const namesOf = (body: Json) =>
  body.items.map(({ id, name, paused, description }: Json) => [id, name, paused, description])

const whatStands = async ({ get }: TestServer) => {
  const lists = await Promise.all(LISTS.map(async (path) => [path, await get(path)] as const))
  return {
    ...Object.fromEntries(lists),
    tokens: namesOf(await get('tokens')),
    monitors: namesOf(await get('monitors')),
    events: (await get('events?type=noted')).items.length,
    alerts: (await get('alerts')).items.flatMap(({ subject, status, acknowledgement }: Json) =>
      subject === 'before' ? [[status, acknowledgement]] : [],
    ),
  }
}

/** A call as the documents name it: numbers and names are parameters. */
const patternOf = ({ method, path }: Call): string =>
  `${method} ${path.replace(/\/\d+/g, '/{id}').replace(/^(schedules|duty\/people|duty\/lists|map\/places)\/[^/]+/, '$1/{name}')}`

/** Not of the store, or of who is signed in, or of a server elsewhere; an import is asked for by itself, and a table says what kept it. */
const OTHERS =
  /^\w+ (me\/|bans|imports|rules\/(preview|backtest)|configuration\/plan|(maintenance|silences)\/preview|monitors\/\{id\}\/check|channels\/\{id\}\/test|tables\/|notifications)/

/** What would reach people, or wants a prediction of our own, where the store took it. */
const ONLY_REFUSED: readonly Call[] = [
  { method: 'POST', path: 'tests', body: { type: 'noted', severity: 'LOW' } },
  { method: 'PUT', path: 'events/1/verdict', body: { verdict: 'benign' } },
]

const nothingMissing = async ({ get }: TestServer, changes: readonly Call[]) => {
  const { paths } = await get('openapi.json')
  const all = Object.entries<Json>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice('/api/v1/'.length)}`),
  )
  const called = new Set(changes.map(patternOf))
  assert.deepEqual(
    all.filter((one) => !/^GET/.test(one) && !OTHERS.test(one) && !called.has(one)),
    [],
  )
}

const suite = (
  place: () => Promise<{ readonly databaseUrl?: string; readonly hold: Hold } | { readonly skip: string }>,
) =>
  it('while somebody holds it every call is answered, none is half done, and what was decided is told once after', async (test) => {
    const where = await place()
    if ('skip' in where) return test.skip(where.skip)
    const hook = await createHttpSink()
    const server = await startTestServer({
      ...(where.databaseUrl && { databaseUrl: where.databaseUrl }),
      wanted: {
        channels: [fileChannel('hook', hook.url)],
        monitors: [fileMonitor('watched', { channels: ['hook'] })],
      },
    })
    await hold(test, server, where.hold, hook)
    await server.stop()
    await hook.close()
  })

const LIST = 'name,address\nnorth,10.9.0.1\nsouth,10.9.0.2\n'

/** Something to be brought in once the store is held: it is, whole, as soon as it can be. */
const bringing = async ({ request, get }: TestServer) => {
  const sent = { 'content-type': 'text/csv' }
  const { body: planned } = await request('POST', 'imports?name=list.csv', LIST, sent)
  assert.equal(planned.counts.created, 2)
  const path = `imports/${planned.id}`
  const apply = () => request('POST', `${path}/apply`, {})
  const twice = async () => {
    assert.deepEqual((await get(path)).status, 'planned')
    for (const _ of [1, 2]) assert.equal((await apply()).body.status, 'applied')
    const brought = (await get('monitors')).items.filter(({ name }: Json) => /^(north|south)$/.test(name))
    assert.equal(brought.length, 2)
    const { items } = await get('audit?limit=50')
    assert.equal(
      items.filter(({ action, details }: Json) => action === 'import' && details['monitor created']).length,
      1,
    )
  }
  return { plan: () => request('POST', `${path}/plan`, {}), apply, twice }
}

const hold = async (
  test: TestContext,
  server: TestServer,
  take: Hold,
  hook: { readonly requests: readonly { body: string }[] },
) => {
  const { request, push } = server
  await push('watched')
  const stateOf = async () =>
    (await request('GET', 'monitors')).body.items?.find(({ name }: Json) => name === 'watched').state
  await until(async () => (await stateOf()) === 'up')
  const { changes: known, reads } = await everyCall(server)
  const changes = [...known, ...ONLY_REFUSED]
  await nothingMissing(server, changes)
  const stood = await whatStands(server)
  const imported = await bringing(server)

  const release = await take(server)
  await push('watched', true)
  const send = async (call: Call) => ({ call, ...(await request(call.method, call.path, call.body)) })
  const applied = imported.apply()
  const changed = await Promise.all(changes.map(send))
  assert.deepEqual((await applied).body.code, 'unavailable')
  // It reads beside the store, which who holds a file leaves to others.
  assert.ok([200, 503].includes((await imported.plan()).status))
  const ready = await request('GET', '/readyz')
  const seen = await Promise.all(reads.map(send))
  const words = ({ call, status, body }: Json) => `${call.method} ${call.path} ${status} ${body.code}`
  assert.deepEqual(changed.filter(({ status, body }) => status !== 503 || body.code !== 'unavailable').map(words), [])
  const { engine } = server.server.storage
  const why = engine === 'sqlite' ? /^\/.*vigia\.db is held by another process/ : /^postgresql:.* does not answer/
  assert.deepEqual(
    changed.filter(({ body }) => !why.test(body.detail)).map(({ body }) => body.detail),
    [],
  )
  assert.deepEqual(
    seen.filter(({ status, body }) => status !== 200 && (status !== 503 || body.code !== 'unavailable')).map(words),
    [],
  )
  assert.equal(ready.status, 503)
  // Where it is answered at all, it is so.
  const shown = seen.find(({ call }) => call.path === 'monitors')!
  if (shown.status === 200) assert.equal(shown.body.items.find(({ name }: Json) => name === 'watched').state, 'down')
  test.diagnostic(`${seen.filter(({ status }) => status === 200).length} of ${seen.length} reads were answered`)
  await release()

  await until(async () => (await request('GET', '/readyz')).status === 200)
  await until(async () => hook.requests.length > 0)
  await server.delivered()
  assert.deepEqual(
    hook.requests.map(({ body }) => JSON.parse(body)).map(({ subject, reason }) => [subject, reason]),
    [['watched', 'first']],
  )
  assert.equal(await stateOf(), 'down')
  assert.deepEqual(await whatStands(server), stood)
  await imported.twice()
  assert.doesNotMatch(server.log(), /"msg":"internal error"/)
}

describe('a store that somebody else holds', { concurrency: true }, () => {
  let postgres: TestPostgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(async () => {
    if ('stop' in postgres) await postgres.stop()
  })

  describe('SQLite', () => suite(async () => ({ hold: holdFile })))
  describe('PostgreSQL', () =>
    suite(async () => {
      if ('skip' in postgres) return postgres
      const databaseUrl = await freshDatabase(postgres.url)
      return { databaseUrl, hold: holdTables(databaseUrl) }
    }))
})
