import { parentPort, workerData } from 'node:worker_threads'
import { systems } from '../systems.ts'
import { type HistoryData, runHistory } from './run-history.ts'

/** The history's thread, so that no write of results ever stops the main thread. */
runHistory(parentPort!, workerData as HistoryData, systems)
