import { type ResourceLimits, Worker } from 'node:worker_threads'
import { partUrl } from './part-url.ts'

export interface ThreadOptions {
  /** What the thread is called in traces and by the system. */
  readonly name: string
  /** What the part finds in `workerData`, as a structured clone. */
  readonly data?: object
  /** Bounds of its heap, MB. */
  readonly limits?: ResourceLimits
}

/** Starts a part of the program (`part-url.ts`) as a thread. Its error ends nothing but itself, whether anybody hears of it or not. */
export const startThread = (part: string, { name, data, limits }: ThreadOptions): Worker =>
  new Worker(new URL('thread.mjs', import.meta.url), {
    name,
    workerData: { entry: partUrl(part).href, ...data },
    ...(limits && { resourceLimits: limits }),
  }).on('error', () => {})
