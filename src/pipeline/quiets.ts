import type { Quiet } from '#core/matcher.ts'
import type { Storage } from '#storage/index.ts'

/** Silences and maintenance windows that are not over. */
export interface Quiets {
  readonly silences: readonly Quiet[]
  readonly maintenance: readonly Quiet[]
}

export interface QuietBook {
  /** Silences and maintenance windows that are not over. */
  current(): Quiets
  /** Reads them again after a change. */
  reload(): Promise<void>
}

/** Silences and windows in memory, for every event asks for them. */
export const createQuietBook = (storage: Storage, now: () => number): QuietBook => {
  let silences: readonly Quiet[] = []
  let maintenance: readonly Quiet[] = []
  return {
    current: () => ({ silences, maintenance }),
    reload: async () => {
      silences = await storage.silences.current(now())
      maintenance = await storage.maintenance.current(now())
    },
  }
}
