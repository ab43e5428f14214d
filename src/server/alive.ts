import type { Storage } from '#storage/index.ts'

/** A silence of the server longer than this is remembered as a gap: nothing is known about that time. */
const GAP_FROM_MS = 30_000
const LAST_ALIVE_AT = 'last_alive_at'

/** Writes down that the server runs. */
export const noteAlive = (storage: Storage, now: number): Promise<void> =>
  storage.transaction(({ settings }) => settings.set(LAST_ALIVE_AT, now))

/** Notes the time in which no server ran, once at the start. */
export const rememberGap = async (storage: Storage, now: number): Promise<void> => {
  const last = await storage.settings.get<number>(LAST_ALIVE_AT)
  if (last !== undefined && now - last > GAP_FROM_MS)
    await storage.gaps.insert({ from: last, to: now, reason: 'not_running' })
  await storage.settings.set(LAST_ALIVE_AT, now)
}
