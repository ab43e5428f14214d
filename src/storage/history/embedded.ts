import { isDeepStrictEqual } from 'node:util'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { because, type Cause } from '#core/cause/cause.ts'
import type { StartPart } from '#lib/thread.ts'
import type { Timer } from '#lib/time/timers.ts'
import { causeOfRefusal, StorageError } from '../storage-error.ts'
import { type StoreSystems, systems } from '../systems.ts'
import type { History, HistoryListener } from './index.ts'
import type { HistoryAnswer, HistoryRequest } from './messages.ts'
import { type HistoryThread, startHistoryThread } from './thread.ts'

const RESTART_AFTER_MS = 1000
/** A file that cannot be opened is tried again no more rarely than this, ms. */
const LONGEST_PAUSE_MS = 15_000

/**
 * The history on `history.db`, in a thread of its own: there is one until the close, whatever becomes of it. While the file
 * cannot be opened, its listener hears why, and it is tried again: watching does not wait for graphs.
 */
export const startHistory = async (
  path: string,
  installation: string,
  listener: HistoryListener,
  { timers, startPart }: Pick<StoreSystems, 'timers'> & { readonly startPart?: StartPart | undefined } = systems,
): Promise<History> => {
  const { onRestart } = listener
  let told: Cause | undefined
  /** Tried again every few seconds, the same trouble is no news. */
  const onTrouble = (trouble: Cause | undefined) => {
    if (!isDeepStrictEqual(trouble, told)) listener.onTrouble(trouble)
    told = trouble
  }
  let thread: HistoryThread | undefined
  let give: ((port: MessagePort) => void) | undefined
  let starting: Promise<void> | undefined
  let restart: Timer | undefined
  let closing = false
  let failures = 0

  const connect = () => {
    if (!thread || !give) return
    const { port1, port2 } = new MessageChannel()
    thread.take(port1)
    give(port2)
  }

  const start = async () => {
    const one = await startHistoryThread(path, installation, { onTrouble, onDamage: listener.onDamage }, startPart)
    thread = one
    void one.ended.then(({ message }) => {
      thread = undefined
      if (closing) return
      onTrouble(because('history_died', { error: message }))
      onRestart()
      startSoon()
    })
    connect()
  }

  const startAgain = async () => {
    try {
      await start()
      onTrouble(undefined)
      failures = 0
    } catch (error) {
      onTrouble(causeOfRefusal(error))
      failures++
      startSoon()
    }
  }
  const startSoon = () => {
    if (closing) return
    const afterMs = Math.min(RESTART_AFTER_MS * 2 ** failures, LONGEST_PAUSE_MS)
    restart = timers.after(afterMs, () => {
      starting = startAgain()
    })
  }

  const ask = async <T extends HistoryAnswer>(request: HistoryRequest): Promise<T> => {
    if (!thread) throw new StorageError('cannot_open', because('history_started_again'))
    return thread.ask<T>(request)
  }

  await start().catch((error: Error) => {
    if (!(error instanceof StorageError)) throw error
    onTrouble(error.said)
    startSoon()
  })
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
      timers.clear(restart)
      await starting
      const last = thread
      await last?.ask({ kind: 'close' }).catch(() => {})
      await last?.ended
    },
  }
}
