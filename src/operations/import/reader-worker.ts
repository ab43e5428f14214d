import { parentPort, workerData } from 'node:worker_threads'
import { explainSystem, StorageError } from '#storage/storage-error.ts'
import { readAside } from './reader.ts'
import type { ReaderAnswer, ReaderOrder } from './reader-order.ts'

/** One source in a thread of its own: read once; its history is handed over as it is asked for, and with that it ends. */

/** Days of one monitor at once: their rows are one short transaction. */
const DAYS = 200
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT'])

const port = parentPort!
const say = (answer: ReaderAnswer) => port.postMessage(answer)

const { order } = workerData as { readonly order: ReaderOrder }

/** Errors lose their kind on the way to another thread: those of which nobody here is guilty cross as what they say. */
const read = async () => {
  try {
    return await readAside(order, say)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const told = NO_ROOM.has(code) ? explainSystem(error, order.given) : error
    if (!(told instanceof StorageError)) throw error
    say({ kind: 'failed', fault: told.fault, said: told.said })
    return undefined
  }
}

const run = async () => {
  const history = await read()
  if (!history) return port.close()
  port.on('message', () => {
    const days = history.next(DAYS)
    say({ kind: 'days', days })
    if (days.length > 0) return
    history.close()
    port.close()
  })
}

void run()
