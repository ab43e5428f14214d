import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOperate } from '#operations/operation.ts'
import { openHistoryStore } from '#storage/history/store.ts'
import { openStorage } from '#storage/index.ts'
import { openSealer } from '#storage/open-sealer.ts'
import { createConfigurationFace } from '../src/server/configuration-face.ts'
import { packResults } from '../test/fixtures/pack-results.ts'
import { atMost, type Benchmark, type Row } from './row.ts'

const MONITORS = 1000
const DAYS = Number(process.env.REPLAY_DAYS ?? 30)
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const TO = Date.parse('2026-11-30T00:00:00Z')
const FROM = TO - DAYS * DAY

/** Ten of a hundred are routers that ten others each are reached through. */
const fileOf = (failures: number, parents: boolean): string => {
  const lines = Array.from({ length: MONITORS }, (_, index) => {
    const above = parents && index % 10 !== 0 ? `, parents: [host-${index - (index % 10)}]` : ''
    return `  - { name: host-${index}, type: icmp, options: { host: 10.0.${index >> 8}.${index & 255} }${above} }`
  })
  const channel = '{ name: hook, type: webhook, options: { url: "https://hooks.example.com/x" } }'
  return `channels: [${channel}]\ndefaults: { channels: [hook], failures: ${failures} }\nmonitors:\n${lines.join('\n')}\n`
}

/** A few of a hundred thousand looks fail, and now and then a router with all behind it for some minutes. */
const fails = (index: number, minute: number): boolean => {
  const router = index - (index % 10)
  if ((minute + router * 37) % 9973 < 7) return true
  return (minute * 31 + index * 17) % 1999 < 2
}

const write = (path: string) => {
  const history = openHistoryStore(path)
  for (let minute = 0; minute < DAYS * 24 * 60; minute++) {
    const results = Array.from({ length: MONITORS }, (_, index) => {
      const code = fails(index, minute) ? ('timeout' as const) : ('ok' as const)
      const latencyMs = code === 'ok' ? 5 + ((minute + index) % 7) : Number.NaN
      return { monitorId: index + 1, at: FROM + minute * MINUTE + index, code, latencyMs, metrics: undefined }
    })
    history.append(packResults(results))
    if (minute % 60 === 59) while (history.compact(FROM + (minute + 1) * MINUTE + HOUR) > 0);
  }
  history.close()
}

/** The longest turn of this thread until `work` has ended, in its own CPU time, ms. */
const longestTurn = async <T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly turnMs: number }> => {
  let [on, longest] = [true, 0]
  const turn = async () => {
    let before = process.threadCpuUsage()
    while (on) {
      await new Promise(setImmediate)
      const used = process.threadCpuUsage(before)
      longest = Math.max(longest, (used.user + used.system) / 1000)
      before = process.threadCpuUsage()
    }
  }
  const turning = turn()
  const value = await work()
  on = false
  await turning
  return { value, turnMs: longest }
}

/** What another threshold and parents would have told over a month of a thousand monitors, while the server goes on. */
export const benchmark: Benchmark = {
  names: ['replay'],
  run: async (): Promise<readonly Row[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
    const storage = await openStorage({ dataDir: folder })
    try {
      const { sealer } = await openSealer(storage, folder, {})
      const face = createConfigurationFace({
        storage,
        operate: createOperate({ storage, now: () => TO, announce: () => {} }),
        configuration: { wanted: () => undefined },
        sealer: () => sealer,
        heldByFile: new Set(),
        checkTemplates: async () => undefined,
        tooOldMs: HOUR,
        inForce: async () => {},
        now: () => TO,
      })
      const file = 'bench.yaml'
      const made = await face.apply({ actor: 'bench', name: 'bench', address: null }, { file, text: fileOf(3, false) })
      if (!made.ok) throw new Error(made.problem.message)
      write(join(folder, 'history.db'))
      const text = fileOf(4, true)
      // As a server that has run for a while: its code is compiled.
      for (let round = 0; round < 3; round++) await face.plan({ file, text })
      const before = { all: process.cpuUsage(), own: process.threadCpuUsage() }
      const started = performance.now()
      const { value, turnMs } = await longestTurn(async () => {
        await face.plan({ file, text })
        return face.replay({ file, text }, DAYS * DAY)
      })
      const seconds = (performance.now() - started) / 1000
      const all = process.cpuUsage(before.all)
      const own = process.threadCpuUsage(before.own)
      if (!value.ok || value.value.results < MONITORS * DAYS * 1440 * 0.99)
        throw new Error('the replay did not see all')
      const { results, later, hidden, behindParent } = value.value
      const row = { name: 'replay', n: results }
      const cpu = (all.user + all.system - own.user - own.system) / 1e6
      const found = `${later.length} later, ${hidden.length} hidden, ${behindParent.length} by their parents; ${seconds.toFixed(0)} s`
      return [
        atMost({ ...row, what: `CPU in the reader's thread; ${found}`, unit: 's', ours: cpu }, 60),
        atMost({ ...row, what: "longest turn of the server's own thread, CPU", unit: 'ms', ours: turnMs }, 20),
      ]
    } finally {
      await storage.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
