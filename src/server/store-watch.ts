import type { Cause } from '#core/cause/cause.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Storage } from '#storage/index.ts'
import { causeOfRefusal, faultOf, type StorageFault } from '#storage/storage-error.ts'

/** What was last seen of the store, in memory: who asks how the server does never waits for a database that hangs. */
export interface StoreWatch {
  /** Why the store does not answer; undefined while it does. */
  trouble(): Cause | undefined
  /** The same as a code; undefined where it does not say. */
  fault(): StorageFault | undefined
  /** When the oldest message that waits was decided, ms; null when none does. */
  oldestPending(): number | null
  stop(): Promise<void>
}

export interface StoreWatchDeps {
  readonly storage: Pick<Storage, 'engine'> & {
    readonly notifications: Pick<Storage['notifications'], 'oldestPending'>
  }
  readonly timers: Timers
  readonly everyMs?: number
}

/** A database server may hang without a word; the embedded one is asked for the outbox only, which changes slowly. */
const EVERY_MS = { postgres: 1000, sqlite: 5000 } as const

export const startStoreWatch = ({
  storage,
  timers,
  everyMs = EVERY_MS[storage.engine],
}: StoreWatchDeps): StoreWatch => {
  let trouble: Cause | undefined
  let fault: StorageFault | undefined
  let oldest: number | null = null
  let looking: Promise<void> | undefined

  const look = async () => {
    try {
      oldest = await storage.notifications.oldestPending()
      trouble = undefined
    } catch (error) {
      trouble = causeOfRefusal(error)
      fault = faultOf(error)
    }
    looking = undefined
  }
  const turn = () => {
    looking ??= look()
  }
  turn()
  const timer = timers.every(everyMs, turn)

  return {
    trouble: () => trouble,
    fault: () => (trouble === undefined ? undefined : fault),
    oldestPending: () => oldest,
    stop: async () => {
      timers.clear(timer)
      await looking
    },
  }
}
