import { startThread } from '#lib/thread.ts'
import type { Timers } from '#lib/time/timers.ts'
import { StorageError } from '#storage/storage-error.ts'
import type { PreparedThings } from './prepare.ts'
import type { PlanCounts, ReaderAnswer, ReaderOrder, StagedDay } from './reader-order.ts'

/** What a source would do; `body` is JSON as it is shown. */
export type Reading =
  | { readonly ok: true; readonly body: string; readonly counts: PlanCounts }
  | { readonly ok: false; readonly body: string }
  /** Its reader needed more time or room than a source may. */
  | { readonly ok: false; readonly ended: true }

/** A source that was read whole, ready to be stored. */
export interface StagedImport {
  readonly things: PreparedThings
  readonly seen: number
  /** What was known of earlier times, some days at a time; none: that was all. */
  nextDays(): Promise<readonly StagedDay[]>
  end(): Promise<unknown>
}

export type Staging = { readonly ok: true; readonly staged: StagedImport } | Extract<Reading, { ok: false }>

/** Nobody waits longer for a reader, ms; and it gets so much room. */
const LONGEST_MS = 15 * 60_000
const HEAP_MB = 1024

export interface ReadingDeps {
  readonly timers: Pick<Timers, 'after' | 'clear'>
  /** Hears how far a long reading is. */
  readonly progress: (words: string) => void
  readonly longestMs?: number
  readonly heapMb?: number
}

type Hear = (answer: ReaderAnswer) => void

const start = (order: ReaderOrder, deps: ReadingDeps, hear: Hear) => {
  const { timers, longestMs = LONGEST_MS, heapMb = HEAP_MB } = deps
  const thread = startThread('operations/import/reader-worker', {
    name: 'import',
    data: { order },
    limits: { maxOldGenerationSizeMb: heapMb },
  })
  const enough = timers.after(longestMs, () => void thread.terminate())
  let bug: Error | undefined
  const ended = new Promise<{ readonly ended: true; readonly bug?: Error }>((resolve) => {
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') bug = error
    })
    thread.once('exit', () => {
      timers.clear(enough)
      resolve({ ended: true, ...(bug && { bug }) })
    })
  })
  thread.on('message', (answer: ReaderAnswer) => {
    if (answer.kind === 'failed') bug = new StorageError(answer.fault, answer.said)
    else hear(answer)
  })
  return { thread, ended }
}

/** Reads a source in a thread; rejects with what is a bug, and with a StorageError where the store does not answer. */
export const planAside = async (order: ReaderOrder, deps: ReadingDeps): Promise<Reading> => {
  let reading: Reading | undefined
  const { ended } = start(order, deps, (answer) => {
    if (answer.kind === 'progress') deps.progress(answer.words)
    if (answer.kind === 'planned') reading = { ok: true, body: answer.body, counts: answer.counts }
    if (answer.kind === 'refused') reading = { ok: false, body: answer.body }
  })
  const { bug } = await ended
  if (bug && !reading) throw bug
  return reading ?? { ok: false, ended: true }
}

/** The same to its end, with all that is to be stored. Whoever gets it ends it. */
export const stageAside = async (
  order: ReaderOrder & { readonly stage: string },
  deps: ReadingDeps,
): Promise<Staging> => {
  const items: PreparedThings['items'][number][] = []
  const { promise: staged, resolve } = Promise.withResolvers<Staging>()
  let asked: ((days: readonly StagedDay[]) => void) | undefined
  const { thread, ended } = start(order, deps, (answer) => {
    if (answer.kind === 'progress') deps.progress(answer.words)
    else if (answer.kind === 'refused') resolve({ ok: false, body: answer.body })
    else if (answer.kind === 'items') items.push(...answer.items)
    else if (answer.kind === 'days') asked?.(answer.days)
    else if (answer.kind === 'staged') {
      const { rest, seen } = answer
      resolve({ ok: true, staged: { things: { ...rest, items }, seen, nextDays, end: () => thread.terminate() } })
    }
  })
  const over = ended.then(({ bug }) => {
    if (bug) throw bug
    return { ok: false, ended: true } as const
  })
  over.catch(() => {})
  const nextDays = () => {
    const days = new Promise<readonly StagedDay[]>((next) => {
      asked = next
    })
    thread.postMessage('next')
    return Promise.race([
      days,
      over.then((): never => {
        throw new Error('the reader ended before its history was handed over')
      }),
    ])
  }
  return Promise.race([staged, over])
}
