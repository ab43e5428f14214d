import type { ServerStatus } from '#api/server.ts'
import { type Trouble, troubleText } from '#core/trouble.ts'
import type { EngineStats } from '#engine/messages.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { LateAlarm } from '#pipeline/watch/late-alarm.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Storage } from '#storage/index.ts'
import type { StorageFault } from '#storage/storage-error.ts'
import { inEnglish, saidFields } from '#templates/said.ts'
import type { StoreWatch } from './store-watch.ts'

export interface HealthDeps {
  readonly storage: Pick<Storage, 'away'>
  /** What was last seen of the store. */
  readonly watch: Pick<StoreWatch, 'trouble' | 'fault' | 'oldestPending'>
  readonly persistence: Pick<Persistence, 'trouble' | 'fault'>
  readonly clock: Clock
  /** Whether probes begin in time. */
  readonly late: LateAlarm
}

type Thread = 'engine' | 'history'

/** Whether the server does its work. */
export interface Health {
  /** The engine has looked: its figures. */
  hear(stats: EngineStats): void
  /** Nobody is looked at: no figures are expected until it begins again. */
  rests(yes: boolean): void
  /** Why results cannot be kept, in words; undefined once they can. */
  hearHistory(trouble: string | undefined): void
  /** What of the stored results was damaged; the server does its work all the same. */
  hearDamage(damage: string): void
  /** A thread ended by itself, and is started again. */
  restarted(thread: Thread): void
  /** How often that was since the start. */
  restarts(): Readonly<Record<Thread, number>>
  /** Whether people have been told that probes begin late. */
  late(): boolean
  /** Figures of the engine; undefined before it has told any. */
  stats(): EngineStats | undefined
  /** What keeps the server from its work, in words; undefined when nothing does. Never rejects. */
  trouble(): Promise<string | undefined>
  /** The same with the engine's figures. */
  status(): Promise<ServerStatus>
}

/** An engine that says nothing for so long does not probe. */
const SILENT_FROM_MS = 10_000
/** Delivery is in trouble when something has waited this long. */
const STUCK_AFTER_MS = 600_000

/** The code of a store's trouble, where it has one. */
const known = (fault: StorageFault | undefined) => fault && { fault }

/** The engine's figures, with causes in words. */
const engineView = ({ cutOff, names: { silence, ...names }, ...figures }: EngineStats): object => ({
  ...figures,
  ...(cutOff && { cutOff: inEnglish(cutOff) }),
  names: {
    ...names,
    ...(silence && { silence: { ...silence, how: inEnglish(silence.how), ...saidFields(silence.cause) } }),
  },
})

export const createHealth = ({ storage, watch, persistence, clock, late }: HealthDeps): Health => {
  let stats: EngineStats | undefined
  let heardAt = clock.monotonic()
  let resting = false
  let unkept: string | undefined
  const notes: string[] = []
  const restarts = { engine: 0, history: 0 }

  /** From memory: who asks never waits for a store that hangs. */
  const find = (): Trouble | undefined => {
    const refused = persistence.trouble()
    if (refused) return { code: 'store_refuses', facts: { reason: refused, ...known(persistence.fault()) } }
    if (storage.away) return { code: 'store_away', facts: { reason: storage.away.trouble } }
    const silentStore = watch.trouble()
    if (silentStore) return { code: 'store_silent', facts: { reason: silentStore, ...known(watch.fault()) } }
    if (unkept !== undefined) return { code: 'results_unkept', facts: { reason: unkept } }
    const silent = resting ? 0 : clock.monotonic() - heardAt
    if (silent > SILENT_FROM_MS) return { code: 'engine_silent', facts: { seconds: Math.round(silent / 1000) } }
    if (stats?.cutOff !== undefined) return { code: 'cut_off', facts: { reason: inEnglish(stats.cutOff) } }
    const behind = late.trouble()
    if (behind) return behind
    const oldest = watch.oldestPending()
    const waits = oldest === null ? 0 : clock.now() - oldest
    if (waits <= STUCK_AFTER_MS) return undefined
    return { code: 'notifications_wait', facts: { minutes: Math.round(waits / 60_000) } }
  }

  const trouble = async () => {
    const found = find()
    return found && troubleText(found)
  }

  return {
    hear: (figures) => {
      stats = figures
      heardAt = clock.monotonic()
      late.note(figures.lateness)
    },
    rests: (yes) => {
      resting = yes
      heardAt = clock.monotonic()
      if (yes) stats = undefined
    },
    hearHistory: (trouble) => {
      unkept = trouble
    },
    hearDamage: (damage) => {
      notes.push(damage)
    },
    restarted: (thread) => {
      restarts[thread]++
    },
    restarts: () => ({ ...restarts }),
    late: () => late.trouble() !== undefined,
    stats: () => stats,
    trouble,
    status: async () => ({ trouble: find(), notes, engine: stats && engineView(stats) }),
  }
}
