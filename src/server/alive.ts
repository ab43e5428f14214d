import { uptime } from 'node:os'
import type { Gap } from '#storage/gaps.ts'
import type { Storage } from '#storage/index.ts'

/** A silence of the server longer than this is remembered as a gap: nothing is known about that time. */
const GAP_FROM_MS = 30_000
const LAST_ALIVE_AT = 'last_alive_at'

/** Writes down that the server runs. */
export const noteAlive = (storage: Pick<Storage, 'transaction'>, now: number): Promise<void> =>
  storage.transaction(({ settings }) => settings.set(LAST_ALIVE_AT, now))

/** Notes the time in which no server ran, once at the start. */
export const rememberGap = async (storage: Storage, now: number): Promise<void> => {
  const last = await storage.settings.get<number>(LAST_ALIVE_AT)
  if (last !== undefined && now - last > GAP_FROM_MS)
    await storage.gaps.insert({ from: last, to: now, reason: 'not_running' })
  await storage.settings.set(LAST_ALIVE_AT, now)
}

/** Time that has passed for this machine, ms, whatever its clock was set to: awake, and its sleep with it. */
const systemElapsed = () => ({ awake: performance.now(), whole: uptime() * 1000 })

/** Writes down that the server runs, and when it did not although it was not ended: a sleep, a stopped process. */
export const createAlive = (storage: Pick<Storage, 'transaction'>, now: () => number, elapsed = systemElapsed) => {
  let gaps: readonly Gap[] = []
  let last = { ...elapsed(), at: now() }

  return {
    /** Called every few seconds, whether or not the store takes writes. */
    beat: (): void => {
      const present = { ...elapsed(), at: now() }
      const passed = Math.max(present.awake - last.awake, present.whole - last.whole)
      if (passed > GAP_FROM_MS) gaps = [...gaps, { from: last.at, to: present.at, reason: 'not_running' }]
      last = present
    },
    write: async (): Promise<void> => {
      const written = gaps
      await storage.transaction(async (repositories) => {
        for (const gap of written) await repositories.gaps.insert(gap)
        await repositories.settings.set(LAST_ALIVE_AT, last.at)
      })
      gaps = gaps.slice(written.length)
    },
  }
}
