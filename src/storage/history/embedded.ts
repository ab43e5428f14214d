import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { StorageError } from '../storage-error.ts'
import type { History, HistoryListener } from './index.ts'
import type { HistoryAnswer, HistoryRequest } from './messages.ts'
import { type HistoryThread, startHistoryThread } from './thread.ts'

const RESTART_AFTER_MS = 1000

/**
 * The history on `history.db`, in a thread of its own: there is one until the close, whatever becomes of it. Rejects with
 * StorageError when the file cannot be opened.
 */
export const startHistory = async (path: string, listener: HistoryListener): Promise<History> => {
  const { onTrouble, onRestart } = listener
  let thread: HistoryThread | undefined
  let give: ((port: MessagePort) => void) | undefined
  let starting: Promise<void> | undefined
  let restart: NodeJS.Timeout | undefined
  let closing = false

  const connect = () => {
    if (!thread || !give) return
    const { port1, port2 } = new MessageChannel()
    thread.take(port1)
    give(port2)
  }

  const start = async () => {
    const one = await startHistoryThread(path, listener)
    thread = one
    void one.ended.then(({ message }) => {
      thread = undefined
      if (closing) return
      onTrouble(`the history stopped (${message}); it is started again`)
      onRestart()
      startSoon()
    })
    connect()
  }

  const startAgain = async () => {
    try {
      await start()
      onTrouble(undefined)
    } catch (error) {
      onTrouble((error as Error).message)
      startSoon()
    }
  }
  const startSoon = () => {
    if (closing) return
    restart = setTimeout(() => {
      starting = startAgain()
    }, RESTART_AFTER_MS)
  }

  const ask = async <T extends HistoryAnswer>(request: HistoryRequest): Promise<T> => {
    if (!thread) throw new StorageError('cannot_open', 'The history is being started again. Try again in a moment.')
    return thread.ask<T>(request)
  }

  await start()
  return {
    connect: (next) => {
      give = next
      connect()
    },
    append: (batch) => thread?.append(batch),
    range: (monitorId, from, to) => ask({ kind: 'range', monitorId, from, to }),
    series: (monitorId, from, to, steps) => ask({ kind: 'series', monitorId, from, to, steps }),
    retain: (now, keep) => ask({ kind: 'retain', now, keep }),
    close: async () => {
      closing = true
      clearTimeout(restart)
      await starting
      const last = thread
      await last?.ask({ kind: 'close' }).catch(() => {})
      await last?.ended
    },
  }
}
