import { createServer, type Socket } from 'node:net'
import { numberIn } from './events.ts'
import { createFrames } from './frames.ts'

/** The process that receives webhooks and counts how often each event was told of. Its argument is the port, 0 for any. */

export interface SinkReport {
  /** Messages that were accepted. */
  readonly messages: number
  /** Accepted messages about an event that had been told of already. */
  readonly repeats: number
  /** Numbers of the events that were told of; only with `told`. */
  readonly told: readonly number[]
}

/** What the sink does: counts, tells the numbers too, refuses with a status, or is gone. */
export type SinkOrder = 'count' | 'told' | 'gone' | 'back' | { readonly answer: number }

const told = new Map<number, number>()
const sockets = new Set<Socket>()
let [messages, repeats, status, port] = [0, 0, 200, Number(process.argv[2] ?? 0)]

const take = (body: string) => {
  messages++
  const number = numberIn(body)
  if (number === undefined) return
  const before = told.get(number) ?? 0
  if (before > 0) repeats++
  told.set(number, before + 1)
}

const server = createServer((socket) => {
  sockets.add(socket)
  socket.setNoDelay(true)
  socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  const answer = (_head: string, body: Buffer) => {
    if (status === 200) take(body.toString('utf8'))
    socket.write(`HTTP/1.1 ${status} Answer\r\nContent-Length: 0\r\n\r\n`)
  }
  socket.on('data', createFrames(answer))
})

const listen = () =>
  server.listen(port, '127.0.0.1', () => {
    port = (server.address() as { port: number }).port
    process.send!({ port })
  })

process.on('message', (order: SinkOrder) => {
  if (order === 'back') return listen()
  if (order === 'gone') {
    for (const socket of sockets) socket.destroy()
    return server.close(() => process.send!({ port }))
  }
  if (typeof order === 'object') status = order.answer
  const report: SinkReport = { messages, repeats, told: order === 'told' ? [...told.keys()] : [] }
  return process.send!(report)
})
process.on('disconnect', () => process.exit(0))
listen()
