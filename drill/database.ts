import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { inSpiteOf } from '#lib/in-spite-of.ts'
import { isDeadlock } from '#storage/storage-error.ts'
import { freshDatabase, type PostgresTrouble, startPostgres } from '../test/fixtures/postgres.ts'
import { type LoadReport, startUnderLoad } from '../test/fixtures/under-load.ts'

/**
 * A real server on a real PostgreSQL that is troubled again and again while monitors fall and come back and clients post
 * events: `npm run drill:database -- --rounds 50 --trouble restart`. Prints what became of it, one line a trouble; ends
 * with 1 when anything was lost, told twice, wrong in the end, or the server has ended.
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
  },
})

const run = async (kind: string, rounds: number) => {
  const database = await startPostgres()
  if ('skip' in database || !database.trouble) throw new Error('a PostgreSQL of our own is needed')
  const folder = mkdtempSync(join(tmpdir(), 'vigia-drill-'))
  const url = await freshDatabase(database.url)
  const load = await startUnderLoad({ folder, targets: 10, posters: 3, environment: { DATABASE_URL: url } })
  const scene = { trouble: database.trouble, url }
  let done = 0
  for (; done < rounds && load.server.child.exitCode === null; done++) {
    await pause(1500 + Math.random() * 1500)
    await TROUBLES[kind]!(scene)
  }
  await pause(2000)
  const report = await load.finish()
  const exit = load.server.child.exitCode
  if (values.log) writeFileSync(values.log, load.server.log())
  await load.close()
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
  return { trouble: kind, rounds: done, exit, holds: isWell(report, exit), ...report }
}

const kinds = values.trouble ?? Object.keys(TROUBLES)
const rows = []
for (const kind of kinds) {
  if (!TROUBLES[kind]) throw new Error(`--trouble is one of ${Object.keys(TROUBLES).join(', ')}`)
  const row = await run(kind, Number(values.rounds))
  rows.push(row)
  console.log(JSON.stringify(row))
}
if (values.json) writeFileSync(values.json, JSON.stringify(rows, null, 2))
process.exit(rows.every(({ holds }) => holds) ? 0 : 1)
