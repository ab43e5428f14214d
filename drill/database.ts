import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { inSpiteOf } from '#lib/run/in-spite-of.ts'
import { isDeadlock } from '#storage/storage-error.ts'
import { freshDatabase, type PostgresTrouble, startPostgres } from '../test/fixtures/postgres.ts'
import { type LoadReport, startUnderLoad } from '../test/fixtures/under-load.ts'

/**
 * A real server on a real database that is troubled again and again while monitors fall and come back and clients post
 * events: `npm run drill:database -- --rounds 50 --trouble restart`. Prints what became of it, one line a trouble; ends
 * with 1 when anything was lost, told twice, wrong in the end, or the server has ended. `held` is SQLite, whose file
 * another process keeps locked: `--trouble held --held-ms 60000`.
 */

interface Scene {
  readonly trouble: PostgresTrouble
  readonly url: string
}

const asOperator = async (url: string, work: (hand: pg.Client) => Promise<unknown>) => {
  const hand = new pg.Client({ connectionString: url })
  hand.on('error', () => {})
  await hand.connect()
  await work(hand)
  await hand.end()
}

const TERMINATE =
  'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()'
const LOCK = 'lock table events, states, alerts, notifications, monitors, tokens in access exclusive mode'
const STILL_MS = 8000

const TROUBLES: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  restart: async ({ trouble }) => {
    await trouble.end('SIGINT')
    await pause(300)
    await trouble.start()
  },
  crash: async ({ trouble }) => {
    await trouble.end('SIGKILL')
    await trouble.start()
  },
  cut: ({ url }) => asOperator(url, (hand) => hand.query(TERMINATE)),
  freeze: async ({ trouble }) => {
    trouble.freeze()
    await pause(STILL_MS)
    trouble.thaw()
  },
  lock: ({ url }) =>
    asOperator(url, async (hand) => {
      // Where the server's own writes and this wait for one another, this one begins anew.
      await inSpiteOf(isDeadlock, async () => {
        await hand.query('rollback')
        await hand.query('begin')
        await hand.query(LOCK)
      })
      await pause(STILL_MS)
    }),
}

/** Holds the lock of the embedded database, as another process would. */
const holdLock = async (path: string, ms: number) => {
  // The server may hold it itself at this moment.
  const other = new DatabaseSync(path, { timeout: 10_000 })
  other.exec('begin immediate')
  await pause(ms)
  other.exec('rollback')
  other.close()
}

const isWell = (report: LoadReport, exit: number | null): boolean => {
  const { 200: _well, 202: _taken, 503: _unavailable, ...others } = report.answers
  const wrong = [report.untold, report.twice, report.wrongStates, report.wrongWords, Object.keys(others)]
  return exit === null && wrong.every(({ length }) => length === 0)
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    trouble: { type: 'string', multiple: true },
    json: { type: 'string' },
    log: { type: 'string' },
    'held-ms': { type: 'string', default: '8000' },
  },
})

/** What is troubled, and how. */
const openPlace = async (kind: string, folder: string) => {
  if (kind === 'held')
    return {
      environment: {},
      disturb: () => holdLock(join(folder, 'data/vigia.db'), Number(values['held-ms'])),
      close: async () => {},
    }
  const database = await startPostgres()
  if ('skip' in database || !database.trouble) throw new Error('a PostgreSQL of our own is needed')
  const scene = { trouble: database.trouble, url: await freshDatabase(database.url) }
  return {
    environment: { DATABASE_URL: scene.url },
    disturb: () => TROUBLES[kind]!(scene),
    close: database.stop,
  }
}

const run = async (kind: string, rounds: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-drill-'))
  const { environment, disturb, close } = await openPlace(kind, folder)
  const load = await startUnderLoad({ folder, targets: 10, posters: 3, environment })
  let done = 0
  for (; done < rounds && load.server.child.exitCode === null; done++) {
    await pause(1500 + Math.random() * 1500)
    await disturb()
  }
  await pause(2000)
  const report = await load.finish()
  const exit = load.server.child.exitCode
  if (values.log) writeFileSync(values.log, load.server.log())
  await load.close()
  await close()
  rmSync(folder, { recursive: true, force: true })
  return { trouble: kind, rounds: done, exit, holds: isWell(report, exit), ...report }
}

const kinds = values.trouble ?? Object.keys(TROUBLES)
const rows = []
for (const kind of kinds) {
  if (!TROUBLES[kind] && kind !== 'held')
    throw new Error(`--trouble is one of ${Object.keys(TROUBLES).join(', ')}, held`)
  const row = await run(kind, Number(values.rounds))
  rows.push(row)
  console.log(JSON.stringify(row))
}
if (values.json) writeFileSync(values.json, JSON.stringify(rows, null, 2))
process.exit(rows.every(({ holds }) => holds) ? 0 : 1)
