import { parentPort, workerData } from 'node:worker_threads'
import { readAside } from './reader.ts'
import type { ReaderAnswer, ReaderOrder } from './reader-order.ts'

/** One source in a thread of its own: read once; its history is handed over as it is asked for, and with that it ends. */

/** Days of one monitor at once: their rows are one short transaction. */
const DAYS = 200

const port = parentPort!
const say = (answer: ReaderAnswer) => port.postMessage(answer)

const run = async () => {
  const history = await readAside((workerData as { readonly order: ReaderOrder }).order, say)
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
