import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { DrillClock } from './clock.ts'
import type { Row } from './judge.ts'
import { createProvider } from './network.ts'
import { openOffice } from './office.ts'
import { type DrillCase, playCase } from './scene.ts'
import { startServer } from './server.ts'

export interface StormOptions {
  /** How much faster than the wall's the provider's time runs. */
  readonly speed?: number
  /** False leaves out the server that is killed in the middle of each case. */
  readonly kill?: boolean
  /** Folder in which logs and messages stay. */
  readonly keep?: string
  readonly onRow?: (row: Row) => void
  /** How late this machine ran at worst while a case was played, in seconds of the provider. */
  readonly onLateness?: (seconds: number) => void
}

const SPEED = 30
const PORTS = { steady: 5001, struck: 5002 } as const

/**
 * Plays cases one after the other on one provider, with two servers that watch it: one undisturbed, one that is killed.
 * Removes every namespace, process and folder, however it ends.
 */
export const storm = async (
  cases: readonly DrillCase[],
  { speed = SPEED, kill = true, keep, onRow, onLateness }: StormOptions = {},
): Promise<readonly Row[]> => {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'vigia-drill-'))
  mkdirSync(folder, { recursive: true })
  const clock: DrillClock = { start: Date.now(), speed }
  const closing: (() => unknown)[] = keep ? [] : [() => rmSync(folder, { recursive: true, force: true })]
  const cleanUp = async () => {
    for (const close of closing.splice(0).toReversed())
      try {
        await close()
      } catch (error) {
        console.error(`drill: while cleaning up: ${error}`)
      }
  }
  const stop = () => void cleanUp().then(() => process.exit(130))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const provider = createProvider(`vigia-${process.pid}`)
    closing.push(provider.remove)
    const office = await openOffice(provider.noc, clock)
    closing.push(office.close)
    if (keep) closing.push(() => writeFileSync(join(keep, 'told.json'), JSON.stringify(office.told, null, 2)))
    const place = { space: provider.noc, office, clock }
    const start = async (name: 'steady' | 'struck') => {
      const server = await startServer({ ...place, name, folder: join(folder, name), port: PORTS[name] })
      closing.push(server.close)
      return server
    }
    const steady = await start('steady')
    const struck = kill ? await start('struck') : undefined
    const rows: Row[] = []
    for (const one of cases) {
      const lateness = monitorEventLoopDelay({ resolution: 10 })
      lateness.enable()
      const judged = await playCase(one, { provider, office, clock, steady, ...(struck && { struck }) })
      lateness.disable()
      for (const row of judged) onRow?.(row)
      onLateness?.((lateness.max / 1e9) * speed)
      rows.push(...judged)
    }
    return rows
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    await cleanUp()
  }
}
