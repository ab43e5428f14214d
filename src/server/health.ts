import type { ServerStatus } from '#api/server.ts'
import type { Cause } from '#core/cause/cause.ts'
import { type Trouble, trouble } from '#core/trouble.ts'
import type { EngineStats } from '#engine/messages.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { LateAlarm } from '#pipeline/watch/late-alarm.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Storage } from '#storage/index.ts'
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
  /** Why results cannot be kept; undefined once they can. */
  hearHistory(trouble: Cause | undefined): void
  /** What of the stored results was damaged; the server does its work all the same. */
  hearDamage(damage: Cause): void
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
  let unkept: Cause | undefined
  const notes: Cause[] = []
  const restarts = { engine: 0, history: 0 }

  /** From memory: who asks never waits for a store that hangs. */
  const find = (): Trouble | undefined => {
    const refused = persistence.trouble()
    if (refused) return trouble('store_refuses', { reason: refused }, persistence.fault())
    if (storage.away) return trouble('store_away', { reason: storage.away.trouble })
    const silentStore = watch.trouble()
    if (silentStore) return trouble('store_silent', { reason: silentStore }, watch.fault())
    if (unkept !== undefined) return trouble('results_unkept', { reason: unkept })
    const silent = resting ? 0 : clock.monotonic() - heardAt
    if (silent > SILENT_FROM_MS) return trouble('engine_silent', { seconds: Math.round(silent / 1000) })
    if (stats?.cutOff !== undefined) return trouble('cut_off', { reason: stats.cutOff })
    const behind = late.trouble()
    if (behind) return behind
    const oldest = watch.oldestPending()
    const waits = oldest === null ? 0 : clock.now() - oldest
    if (waits <= STUCK_AFTER_MS) return undefined
    return trouble('notifications_wait', { minutes: Math.round(waits / 60_000) })
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
    hearHistory: (why) => {
      unkept = why
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
    trouble: async () => {
      const found = find()
      return found && inEnglish(found)
    },
    status: async () => ({ trouble: find(), notes, engine: stats && engineView(stats) }),
  }
}
