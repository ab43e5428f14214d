import { parentPort, workerData } from 'node:worker_threads'
import type { ReplayOrder } from './replay/replay-order.ts'
import { runReplay } from './replay/run-replay.ts'

/** One replay in a thread of its own: reads the store beside the server, answers once and ends. */
parentPort!.postMessage(runReplay(workerData as ReplayOrder))
