import { setTimeout as pause } from 'node:timers/promises'
import { isPassing } from '#storage/storage-error.ts'

const AGAIN_AFTER_MS = 2000

export interface PersistenceOptions {
  /** Called when the store begins to refuse, and when it takes again what waited. */
  readonly onChange: (trouble: string | undefined) => void
  /** Ends the waiting: what is not written by then is found again by probing or sent again after the start. */
  readonly signal: AbortSignal
}

export interface Persistence {
  /**
   * Runs a write until the store takes it: a disk that is full for an hour loses nothing that was decided meanwhile.
   * Rejects with errors that no waiting heals, and with the last one when the signal ends it.
   */
  write<T>(work: () => Promise<T>): Promise<T>
  /** Why the store refuses at present. */
  trouble(): string | undefined
}

export const createPersistence = ({ onChange, signal }: PersistenceOptions): Persistence => {
  let trouble: string | undefined
  const change = (next: string | undefined) => {
    if (next === trouble) return
    trouble = next
    onChange(next)
  }
  return {
    trouble: () => trouble,
    write: async (work) => {
      for (;;) {
        try {
          const result = await work()
          change(undefined)
          return result
        } catch (error) {
          if (!isPassing(error) || signal.aborted) throw error
          change((error as Error).message)
          await pause(AGAIN_AFTER_MS, undefined, { signal }).catch(() => {})
        }
      }
    },
  }
}
