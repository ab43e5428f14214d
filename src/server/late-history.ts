import type { History, HistoryListener } from '#storage/history/index.ts'
import type { Storage } from '#storage/index.ts'

/** What is asked of the history by hand. */
export type AskedHistory = Pick<History, 'range' | 'series' | 'retain'>

/** The history for those who exist before it is open: what they ask meanwhile waits for it. */
export const createLateHistory = () => {
  const opened = Promise.withResolvers<History>()
  // Whoever opens it hears of the failure; nobody need have asked.
  opened.promise.catch(() => {})
  const asked: AskedHistory = {
    range: async (...question) => (await opened.promise).range(...question),
    series: async (...question) => (await opened.promise).series(...question),
    retain: async (...question) => (await opened.promise).retain(...question),
  }
  return {
    asked,
    /** Rejects with StorageError when it cannot be opened. */
    open: async (storage: Storage, listener: HistoryListener): Promise<History> => {
      const opening = storage.openHistory(listener)
      opening.then(opened.resolve, opened.reject)
      return opening
    },
  }
}
