import { because } from '#core/cause/cause.ts'
import type { History, HistoryListener } from '#storage/history/index.ts'
import type { Storage } from '#storage/index.ts'
import { StorageError } from '#storage/storage-error.ts'

/** What is asked of the history by hand. */
export type AskedHistory = Pick<History, 'range' | 'series' | 'retain'>

/** The history, which begins when it is needed first: a server that watches nothing keeps nothing. */
export interface LateHistory {
  /** Where nothing was ever kept, who asks hears that there is nothing; it begins for nobody's question. */
  readonly asked: AskedHistory
  /** Rejects with StorageError when it cannot be opened. */
  open(): Promise<History>
  /** Nothing is kept for now: it begins anew when it is needed again. */
  rest(): Promise<void>
  /** For good. */
  close(): Promise<void>
}

export const createLateHistory = (
  storage: Pick<Storage, 'hasHistory' | 'openHistory'>,
  listener: HistoryListener,
): LateHistory => {
  let opened: Promise<History> | undefined
  let ended: Promise<void> | undefined
  /** True while results are to be kept; else it is open for as long as somebody asks. */
  let kept = false
  let closed = false
  let asking = 0

  const begin = (): Promise<History> => {
    opened ??= (async () => {
      await ended
      return storage.openHistory(listener)
    })().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  const end = (): Promise<void> => {
    const last = opened
    opened = undefined
    ended = (async () => (await last?.catch(() => undefined))?.close())()
    return ended
  }

  const ask = async <T>(nothing: T, question: (history: History) => Promise<T>): Promise<T> => {
    if (!opened && !storage.hasHistory()) return nothing
    if (closed) throw new StorageError('cannot_open', because('history_stopped'))
    asking++
    try {
      return await question(await begin())
    } finally {
      asking--
      if (asking === 0 && !kept) await end()
    }
  }

  return {
    asked: {
      range: (...about) =>
        ask({ at: [], latencyMs: [], codes: [], loss: [], spread: [] }, ({ range }) => range(...about)),
      series: (...about) => ask([], ({ series }) => series(...about)),
      retain: (...about) => ask(0, ({ retain }) => retain(...about)),
    },
    open: () => {
      kept = true
      return begin()
    },
    rest: () => {
      kept = false
      return end()
    },
    close: () => {
      closed = true
      return end()
    },
  }
}
