import type { Logger } from 'pino'
import { isPassing } from '#storage/storage-error.ts'

/** Where errors go that nobody waits for. */
export interface Faults {
  /** Nothing should throw here: it is told. */
  bug(error: unknown): void
  /** A store that refuses for a while is told of elsewhere, once; anything else is a bug. */
  passing(error: unknown): void
}

export const createFaults = (log: Pick<Logger, 'error'>): Faults => {
  const bug = (error: unknown) => log.error({ err: error }, 'internal error')
  return {
    bug,
    passing: (error) => {
      if (!isPassing(error)) bug(error)
    },
  }
}
