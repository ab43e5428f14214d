import { because, type Cause } from '#core/cause/cause.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import { causeOfRefusal, faultOf, isPassing, StorageError, type StorageFault } from '#storage/storage-error.ts'

const AGAIN_AFTER_MS = 2000
/** A store that took one write and refused another within this time is not well yet. */
const CALM_MS = 1000
/** Writers that wait at once; whoever else comes is refused. */
const MOST_WAITING = 1000

export interface PersistenceOptions {
  /** Called when the store begins to refuse, and when it takes again what waited. */
  readonly onChange: (trouble: Cause | undefined) => void
  /** Ends the waiting: what is not written by then is found again by probing or sent again after the start. */
  readonly signal: AbortSignal
  readonly clock: Pick<Clock, 'monotonic'>
  readonly timers: Pick<Timers, 'pause'>
}

export interface Persistence {
  /**
   * Runs a write until the store takes it: a disk that is full for an hour loses nothing that was decided meanwhile.
   * Rejects with errors that no waiting heals, and with the last one when the signal ends it or too many wait.
   */
  write<T>(work: () => Promise<T>): Promise<T>
  /** Why the store refuses at present. */
  trouble(): Cause | undefined
  /** The same as a code; undefined where it does not say. */
  fault(): StorageFault | undefined
  /** Takes in that the store refused somebody else, or took something; an error that does not pass says nothing of it. */
  refused(error: unknown): void
  took(): void
}

export type Write = Persistence['write']

/** For who waits for nothing. */
export const atOnce: Write = (work) => work()

export const createPersistence = ({ onChange, signal, clock, timers }: PersistenceOptions): Persistence => {
  let trouble: Cause | undefined
  let fault: StorageFault | undefined
  let refusedAt = Number.NEGATIVE_INFINITY
  let waiting = 0

  /** The latest reason is shown; that there is one is told once. */
  const change = (next: Cause | undefined) => {
    const news = (next === undefined) !== (trouble === undefined)
    trouble = next
    if (news) onChange(next)
  }

  const refused = (error: unknown) => {
    if (!isPassing(error)) return
    refusedAt = clock.monotonic()
    fault = faultOf(error)
    change(causeOfRefusal(error))
  }

  const took = () => {
    if (trouble !== undefined && waiting === 0 && clock.monotonic() - refusedAt >= CALM_MS) change(undefined)
  }

  /** Waits for a store that has just refused. */
  const waitFor = async <T>(work: () => Promise<T>, first: unknown): Promise<T> => {
    if (waiting >= MOST_WAITING) throw new StorageError('busy', because('store_too_much_waits'), first)
    waiting++
    let last = first
    try {
      while (!signal.aborted) {
        await timers.pause(AGAIN_AFTER_MS, { signal })
        try {
          return await work()
        } catch (error) {
          if (!isPassing(error)) throw error
          last = error
          refused(error)
        }
      }
    } finally {
      waiting--
    }
    throw last
  }

  return {
    trouble: () => trouble,
    fault: () => (trouble === undefined ? undefined : fault),
    refused,
    took,
    write: async (work) => {
      try {
        const result = await work()
        took()
        return result
      } catch (error) {
        if (!isPassing(error) || signal.aborted) throw error
        refused(error)
        const result = await waitFor(work, error)
        took()
        return result
      }
    },
  }
}
