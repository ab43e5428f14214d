import type { CoverWindow } from '#core/maintenance/cover.ts'
import type { Quiet } from '#core/rule/matcher.ts'
import type { Storage } from '#storage/index.ts'
import type { MaintenanceWindow } from '#storage/maintenance.ts'
import type { Silence } from '#storage/silences.ts'

/** A maintenance window, as every event asks for it. */
type MaintenanceQuiet = Quiet & CoverWindow

/** Silences and maintenance windows that are not over. */
export interface Quiets {
  readonly silences: readonly Quiet[]
  readonly maintenance: readonly MaintenanceQuiet[]
}

/** The same with who made them. */
type KnownQuiets = Quiets & {
  readonly silences: readonly Silence[]
  readonly maintenance: readonly MaintenanceWindow[]
}

export interface QuietBook {
  /** Silences and maintenance windows that are not over. */
  current(): KnownQuiets
  /** When something of a window is to be told next, ms; null: nothing. */
  tellAt(): number | null
  /** Reads them again after a change. */
  reload(): Promise<void>
}

/** Silences and windows in memory, for every event asks for them. */
export const createQuietBook = (storage: Storage, now: () => number): QuietBook => {
  let silences: readonly Silence[] = []
  let maintenance: readonly MaintenanceWindow[] = []
  let tellAt: number | null = null
  return {
    tellAt: () => tellAt,
    current: () => ({ silences, maintenance }),
    reload: async () => {
      silences = await storage.silences.current(now())
      maintenance = await storage.maintenance.current(now())
      tellAt = await storage.maintenance.nextTellAt()
    },
  }
}
