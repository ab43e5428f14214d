import { startThread } from '#lib/thread.ts'
import type { ReplayOrder, ReplayReport } from './replay-order.ts'

/** Compares two configurations over what is stored, in a thread beside the caller's. */
export const replay = (order: ReplayOrder): Promise<ReplayReport> => {
  const worker = startThread('pipeline/replay-worker', { name: 'replay', data: order })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.on('error', reject)
    worker.once('exit', (code) => reject(new Error(`the replay ended without an answer, exit code ${code}`)))
  })
}
