import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { inSpiteOf } from '#lib/run/in-spite-of.ts'
import { isDeadlock } from '#storage/storage-error.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../fixtures/postgres.ts'
import { startUnderLoad, type UnderLoad } from '../fixtures/under-load.ts'
import { endAll, until } from './server-process.ts'

/** Longer than any answer may take. */
const STILL_MS = 4000
const TERMINATE =
  'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()'
const LOCK = 'lock table events, states, alerts, notifications, monitors, tokens in access exclusive mode'

const asOperator = async (url: string, work: (hand: pg.Client) => Promise<unknown>) => {
  const hand = new pg.Client({ connectionString: url })
  hand.on('error', () => {})
  await hand.connect()
  try {
    await work(hand)
  } finally {
    await hand.end()
  }
}

/** Locks all that the server writes to; where its own writes and this wait for one another, this one begins anew. */
const lockTables = (hand: pg.Client) =>
  inSpiteOf(isDeadlock, async () => {
    await hand.query('rollback')
    await hand.query('begin')
    await hand.query(LOCK)
  })

describe('PostgreSQL in trouble while there is something to tell', { timeout: 110_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-postgres-trouble-'))
  let database: TestPostgres
  let load: UnderLoad | undefined

  before(async () => {
    database = await startPostgres()
  })
  after(async () => {
    await load?.close()
    endAll()
    if ('stop' in database) await database.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('restarted, crashed, cut, frozen and locked, it neither ends the server nor makes it hang, and nothing is lost', async (test) => {
    if ('skip' in database) return test.skip(database.skip)
    const { trouble } = database
    if (!trouble) return test.skip('the PostgreSQL of TEST_POSTGRES_URL is not ours to trouble')
    const url = await freshDatabase(database.url)
    const running = await startUnderLoad({ folder, targets: 6, posters: 3, environment: { DATABASE_URL: url } })
    load = running
    const goesOn = async () => {
      const [changes, acknowledged] = [running.changes(), running.acknowledged()]
      const ended = () => running.server.child.exitCode !== null
      await until(() => ended() || (running.changes() > changes + 3 && running.acknowledged() > acknowledged + 3))
      assert.equal(running.server.child.exitCode, null, running.server.log().slice(-3000))
    }
    await goesOn()
    for (const signal of ['SIGINT', 'SIGINT', 'SIGKILL'] as const) {
      await trouble.end(signal)
      await pause(300)
      await trouble.start()
      await goesOn()
    }
    await asOperator(url, (hand) => hand.query(TERMINATE))
    await goesOn()
    trouble.freeze()
    await pause(STILL_MS)
    trouble.thaw()
    await goesOn()
    await asOperator(url, async (hand) => {
      await lockTables(hand)
      await pause(STILL_MS)
    })
    await goesOn()
    const { answers, untold, twice, wrongStates, wrongWords } = await running.finish(45_000)
    test.diagnostic(
      `${running.acknowledged()} events, ${running.changes()} changes, answers ${JSON.stringify(answers)}`,
    )
    assert.deepEqual(
      { untold, twice, wrongStates, wrongWords },
      { untold: [], twice: [], wrongStates: [], wrongWords: [] },
    )
    const { 200: _well, 202: _taken, 503: _unavailable, ...others } = answers
    assert.deepEqual(others, {})
    assert.doesNotMatch(running.server.log(), /"msg":"internal error"/)
  })
})
