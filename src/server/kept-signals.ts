import type { Signal } from '#core/probe.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Storage } from '#storage/index.ts'
import { isPassing } from '#storage/storage-error.ts'
import type { Faults } from './faults.ts'

export interface KeptSignalsDeps {
  readonly storage: Pick<Storage, 'transaction'>
  readonly persistence: Pick<Persistence, 'write'>
  readonly faults: Pick<Faults, 'bug'>
}

/**
 * Calls of passive monitors on their way to the store: what it refuses for a while waits, the last call of each monitor,
 * and who called is answered all the same, for the call has been heard.
 */
export const createKeptSignals = ({ storage, persistence, faults }: KeptSignalsDeps) => {
  const waiting = new Map<number, Signal>()
  let writing: Promise<void> | undefined

  const save = (signals: ReadonlyMap<number, Signal>) =>
    storage.transaction(async ({ states }) => {
      for (const [id, signal] of signals) await states.saveSignal(id, signal)
    })

  const writeAll = async () => {
    while (waiting.size > 0) {
      const signals = new Map(waiting)
      await persistence.write(() => save(signals))
      for (const [id, signal] of signals) if (waiting.get(id) === signal) waiting.delete(id)
    }
  }

  return async (id: number, signal: Signal): Promise<void> => {
    if (!writing) {
      try {
        return await save(new Map([[id, signal]]))
      } catch (error) {
        if (!isPassing(error)) throw error
      }
    }
    waiting.set(id, signal)
    writing ??= writeAll()
      .catch(faults.bug)
      .finally(() => {
        writing = undefined
      })
  }
}
