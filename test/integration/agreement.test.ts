import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { createTarget } from '../e2e/server-process.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, until } from '../fixtures/server.ts'
import { createHttpSink } from '../fixtures/servers/http-sink.ts'

/** Changes the database behind the server's back. */
type ByHand = (statement: string) => Promise<void>

const inFile =
  (folder: string): ByHand =>
  async (statement) => {
    const other = new DatabaseSync(join(folder, 'vigia.db'), { timeout: 5000 })
    other.exec(statement)
    other.close()
  }

const onServer =
  (databaseUrl: string): ByHand =>
  async (statement) => {
    const hand = new pg.Client({ connectionString: databaseUrl })
    await hand.connect()
    await hand.query(statement)
    await hand.end()
  }

const suite = (place: () => Promise<{ readonly databaseUrl?: string } | { readonly skip: string }>) =>
  it('a change that the store lacks is found, recorded and told; one that was told is not told again', async (test) => {
    const where = await place()
    if ('skip' in where) return test.skip(where.skip)
    const hook = await createHttpSink()
    const targets = [await createTarget(), await createTarget()] as const
    const monitors = targets.map((target, index) =>
      fileMonitor(`target-${index}`, {
        type: 'tcp',
        options: { host: '127.0.0.1', port: target.port() },
        intervalMs: 300,
        channels: ['hook'],
      }),
    )
    const server = await startTestServer({ ...where, wanted: { channels: [fileChannel('hook', hook.url)], monitors } })
    const change = where.databaseUrl ? onServer(where.databaseUrl) : inFile(server.folder)
    const told = () => hook.requests.map(({ body }) => JSON.parse(body)).map(({ subject, reason }) => [subject, reason])
    const states = async () => (await server.get('monitors')).items.map(({ state }: Json) => state).join(' ')
    await until(async () => (await states()) === 'up up')
    for (const target of targets) await target.down()
    await until(async () => (await states()) === 'down down')
    await until(async () => hook.requests.length === 2)

    // As if the store had lost the first one's fall, and of the other only where it stands.
    await change(`update alerts set status = 'resolved' where subject = 'target-0'`)
    await change(`update states set state = 'up', beneath = 'up'`)
    assert.equal(await states(), 'up up')
    await until(async () => (await states()) === 'down down')
    await until(async () => hook.requests.length === 3)
    await server.delivered()
    assert.deepEqual(told().slice(2), [['target-0', 'first']])
    for (const target of targets) await target.up()
    await until(async () => (await states()) === 'up up')
    await until(async () => hook.requests.length === 5)
    assert.deepEqual(told().slice(3).sort(), [
      ['target-0', 'resolved'],
      ['target-1', 'resolved'],
    ])
    await server.stop()
    for (const target of targets) await target.down()
    await hook.close()
  })

describe('the store and the engine', { concurrency: true }, () => {
  let postgres: TestPostgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(async () => {
    if ('stop' in postgres) await postgres.stop()
  })

  describe('SQLite', () => suite(async () => ({})))
  describe('PostgreSQL', () =>
    suite(async () => ('skip' in postgres ? postgres : { databaseUrl: await freshDatabase(postgres.url) })))
})
