import { parentPort, workerData } from 'node:worker_threads'
import type { SentConfiguration } from '#api/services.ts'
import { loadSent } from './load-sent.ts'

/** Reads one file in a thread of its own, answers once and ends. */
parentPort!.postMessage(loadSent((workerData as { readonly sent: SentConfiguration }).sent))
