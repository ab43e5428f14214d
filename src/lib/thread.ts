import type { EventEmitter } from 'node:events'
import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads'
import { partUrl } from './part-url.ts'

export interface ThreadOptions {
  /** What the thread is called in traces and by the system. */
  readonly name: string
  /** What the part finds in `workerData`, as a structured clone. */
  readonly data?: object
  /** Bounds of its heap, MB. */
  readonly limits?: ResourceLimits
}

/** A part that runs beside its caller, who hears `message`, `error` and, last, `exit` of it. */
export interface Thread extends EventEmitter {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  terminate(): Promise<unknown>
}

/** Starts a part of the program, by its name in `part-url.ts`. */
export type StartPart = (part: string, options: ThreadOptions) => Thread

/** Starts a part as a thread. Its error ends nothing but itself, whether anybody hears of it or not. */
export const startThread = (part: string, { name, data, limits }: ThreadOptions): Worker =>
  new Worker(new URL('thread.mjs', import.meta.url), {
    name,
    workerData: { entry: partUrl(part).href, ...data },
    ...(limits && { resourceLimits: limits }),
  }).on('error', () => {})
