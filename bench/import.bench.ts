import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { atMost, type Benchmark, type Row } from './row.ts'

const BIN = resolve(import.meta.dirname, '../bin/vigia.mjs')
const MONITORS = 100
const BEATS = 10_000_000
const TARGETS = 10_000
const FIRST_BEAT_S = 1_780_000_000

/** A database of Uptime Kuma's older version, with so many heartbeats, a minute apart. */
const writeKuma = (path: string) => {
  const db = new DatabaseSync(path)
  db.exec(`pragma journal_mode = off; pragma synchronous = off;
    create table monitor (id integer primary key, name text, active boolean default 1, interval integer, type text, hostname text, parent integer);
    create table heartbeat (id integer primary key, important boolean, monitor_id integer, status smallint, msg text, time datetime, ping integer, duration integer);
    create index monitor_time_index on heartbeat (monitor_id, time);
    create index monitor_important_time_index on heartbeat (monitor_id, important, time);
    create table monitor_notification (id integer primary key, monitor_id integer, notification_id integer);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${MONITORS})
      insert into monitor (id, name, interval, type, hostname) select i, 'host-' || i, 60, 'ping', '10.0.0.' || i from n;
    with recursive n (i) as (select 0 union all select i + 1 from n where i < ${BEATS - 1})
      insert into heartbeat (important, monitor_id, status, msg, time, ping, duration)
      select i < ${MONITORS}, 1 + i % ${MONITORS}, 1, '', strftime('%Y-%m-%d %H:%M:%f', ${FIRST_BEAT_S} + i / ${MONITORS} * 60, 'unixepoch'), 10 + i * 7919 % 40, 60 from n;`)
  db.close()
}

const writeTargets = (path: string) => {
  const sites = Array.from({ length: TARGETS / 100 }, (_, site) => {
    const hosts = Array.from(
      { length: 100 },
      (_, host) => `++ h${host}\nmenu = host ${site}-${host}\nhost = 10.${site}.${host}.1\n`,
    )
    return `+ S${site}\nmenu = Site ${site}\n${hosts.join('')}`
  })
  writeFileSync(path, `*** Targets ***\nprobe = FPing\nmenu = Top\n${sites.join('')}`)
}

/** Most memory of a process so far, MB; undefined once it is gone, or where the system does not tell. */
const peakOf = (pid: number): number | undefined => {
  try {
    const kb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kb === undefined ? undefined : Number(kb) / 1024
  } catch {
    return undefined
  }
}

/** One import by the command, as people run it. */
const run = async (folder: string, ...args: readonly string[]): Promise<{ seconds: number; mb: number }> => {
  const began = performance.now()
  const child = spawn(process.execPath, [BIN, 'import', folder, '--json', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let mb = 0
  const timer = setInterval(() => {
    mb = Math.max(mb, peakOf(child.pid!) ?? 0)
  }, 50)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(timer)
  if (code !== 0) throw new Error(`the import ended with ${code}`)
  return { seconds: (performance.now() - began) / 1000, mb }
}

const measure = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-import-'))
  try {
    for (const name of ['kuma', 'smokeping']) mkdirSync(join(folder, name))
    writeTargets(join(folder, 'smokeping', 'Targets'))
    const targets = await run(join(folder, 'smokeping'), '--data', join(folder, 'none'))
    writeKuma(join(folder, 'kuma', 'kuma.db'))
    const kuma = await run(join(folder, 'kuma'), '--apply', '--data', join(folder, 'data'))
    const beats = `${BEATS / 1e6} million heartbeats of ${MONITORS} monitors`
    return [
      atMost({ name: 'import.kuma', what: `${beats}, stored`, unit: 's', ours: kuma.seconds, n: 1 }, 60),
      atMost({ name: 'import.kuma.memory', what: beats, unit: 'MB', ours: kuma.mb || null, n: 1 }, 300),
      atMost(
        { name: 'import.smokeping', what: `${TARGETS} targets, planned`, unit: 's', ours: targets.seconds, n: 1 },
        5,
      ),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a move from another tool takes. */
export const benchmark: Benchmark = {
  names: ['import.kuma', 'import.kuma.memory', 'import.smokeping'],
  run: measure,
}
