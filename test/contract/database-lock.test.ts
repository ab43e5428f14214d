import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { lockDatabase } from '../../src/storage/database-lock.ts'
import { openStorage, type Storage } from '../../src/storage/index.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'

describe('one server on one PostgreSQL', () => {
  let server: TestPostgres
  let url: string
  const opened: Storage[] = []
  const open = async (shared = false) => {
    const storage = await openStorage({ dataDir: '', databaseUrl: url, shared })
    opened.push(storage)
    return storage
  }

  before(async () => {
    server = await startPostgres()
    if ('url' in server) url = await freshDatabase(server.url)
  })
  after(async () => {
    for (const storage of opened) await storage.close()
    if ('stop' in server) await server.stop()
  })

  it('lets commands in beside it, and the next server once it has stopped', async (test) => {
    if ('skip' in server) return test.skip(server.skip)
    const first = await open()
    const command = await open(true)
    assert.deepEqual(await command.monitors.list(), [])
    const refused = lockDatabase(url, { patienceMs: 0 })
    await assert.rejects(refused, new RegExp(`is in use by vigia on .* \\(${process.pid}\\)`))
    await assert.rejects(lockDatabase(url, { patienceMs: 0 }), { fault: 'in_use' })
    await first.close()
    const second = await open()
    await second.close()
  })

  it('takes the lock again after its connection is lost, and tells of who was quicker', async (test) => {
    if ('skip' in server) return test.skip(server.skip)
    const told: (string | undefined)[] = []
    const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const lock = await lockDatabase(url, {
      againAfterMs: 20,
      onTrouble: (trouble) => {
        told.push(trouble)
        heard[told.length - 1]?.resolve()
      },
    })
    const [other, hand] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })]
    await Promise.all([other.connect(), hand.connect()])
    // It stands in line before the connection goes, so that it is the next.
    const inLine = other.query('select pg_advisory_lock(8441163)')
    const waits = `select 1 from pg_locks where locktype = 'advisory' and not granted`
    while ((await hand.query(waits)).rows.length === 0);
    await hand.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted`)
    await inLine
    await heard[0]!.promise
    assert.match(told[0]!, /is in use by .*: both look and both tell/)
    await other.query('select pg_advisory_unlock(8441163)')
    await heard[1]!.promise
    assert.equal(told[1], undefined)
    await assert.rejects(lockDatabase(url, { patienceMs: 0 }), { fault: 'in_use' })
    await Promise.all([other.end(), hand.end()])
    await lock.release()
    await (await lockDatabase(url, { patienceMs: 0 })).release()
  })
})
