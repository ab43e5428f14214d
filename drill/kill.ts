import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freshDatabase, startPostgres } from '../test/fixtures/postgres.ts'
import { judgeKills, readStore } from './kill/judge.ts'
import { openLives } from './kill/lives.ts'
import { loadConfig, openTargets, startLoad } from './kill/load.ts'
import { openReceivers } from './kill/receivers.ts'

/**
 * A real server under steady load that is killed (SIGKILL) at any moment, in its start too, and started again: `npm run
 * drill:kill -- --kills 60`, `--database postgres`, `--log FILE` keeps what the server logged. Monitors fall and come
 * back, clients post events, and webhook and mail server refuse now and then. Prints one line; ends with 1 when what was
 * acknowledged is not stored and decided, what had to be told was not told or told as new twice, a last word is wrong, or
 * a start failed.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    database: { type: 'string', default: 'sqlite' },
    log: { type: 'string' },
    json: { type: 'string' },
  },
})

/** Within this time after its begin a process is killed in its start, ms; one kill of three. */
const LONGEST_START_MS = 2500
/** For so long a process lives once it watches, ms. */
const LONGEST_LIFE_MS = 4000
const isEarly = () => Math.random() < 1 / 3

/** A wait between two attempts grows to a minute. */
const PATIENCE_MS = 180_000

const folder = mkdtempSync(join(tmpdir(), 'vigia-kill-'))
const database = values.database === 'postgres' ? await startPostgres() : undefined
if (database && 'skip' in database) throw new Error(database.skip)
const environment: NodeJS.ProcessEnv = {
  LOG_LEVEL: 'info',
  ...(database && { DATABASE_URL: await freshDatabase(database.url) }),
}
const receivers = await openReceivers()
const targets = await openTargets()
const lives = openLives(folder, loadConfig(targets.ports, receivers.hookUrl, receivers.smtpPort), environment)

await lives.start()
lives.makeToken()
const load = startLoad(lives, targets)
let kills = 0
let early = 0
let refusing = false
for (; kills < Number(values.kills); kills++) {
  const inTheStart = isEarly()
  while (!inTheStart && !lives.isUp() && lives.failed.length === 0) await pause(20)
  await pause(Math.random() * (inTheStart ? LONGEST_START_MS : LONGEST_LIFE_MS))
  if (!lives.isUp()) early++
  await lives.kill()
  refusing = !refusing && Math.random() < 0.6
  receivers.refuse(refusing)
  void lives.start()
  if ((kills + 1) % 10 === 0) console.error(`${kills + 1} kills, ${load.acknowledged.size} events acknowledged`)
}
receivers.refuse(false)
while (!lives.isUp() && lives.failed.length === 0) await pause(50)
await load.stop()

const judge = async () => judgeKills(await readStore(lives), load, targets, receivers)
const end = Date.now() + PATIENCE_MS
let report = await judge()
while (report.faults.length > 0 && Date.now() < end) {
  await pause(2000)
  report = await judge()
}
// What comes in spite of all having been told would be told twice.
await pause(5000)
report = await judge()

const { faults, ...counts } = report
const row = {
  database: values.database,
  kills,
  in_the_start: early,
  failed_starts: lives.failed.length,
  changes: load.changes(),
  answers: load.answers,
  ...counts,
  faults: faults.length,
}
console.log(JSON.stringify(row))
for (const fault of [...lives.failed, ...faults].slice(0, 40)) console.log(`    ${fault}`)
if (values.json) writeFileSync(values.json, JSON.stringify({ ...row, faults }, null, 2))
if (values.log) writeFileSync(values.log, lives.log())
await lives.close()
await Promise.all([targets.close(), receivers.close(), database?.stop()])
const holds = faults.length === 0 && lives.failed.length === 0
if (holds) rmSync(folder, { recursive: true, force: true })
else console.error(`what it was doing stays in ${folder}`)
process.exit(holds ? 0 : 1)
