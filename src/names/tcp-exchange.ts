import { connect } from 'node:net'
import type { Timers } from '#lib/time/timers.ts'
import type { NameServer } from './resolv-conf.ts'

/** Sends a query by TCP (RFC 7766) and hears the one message that comes back, or the error. Returns what calls it off. */
export const exchangeByTcp = (
  { host, port }: NameServer,
  query: Buffer,
  timeoutMs: number,
  hear: (heard: Buffer | NodeJS.ErrnoException) => void,
  timers: Timers,
): (() => void) => {
  const socket = connect({ host, port })
  let received: Buffer = Buffer.alloc(0)
  let over = false
  const end = (heard?: Buffer | NodeJS.ErrnoException) => {
    if (over) return
    over = true
    timers.clear(timer)
    socket.destroy()
    if (heard) hear(heard)
  }
  const timer = timers.after(timeoutMs, () => end(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(query.length)
  socket.once('connect', () => socket.write(Buffer.concat([length, query])))
  // The length stands in two bytes: more than 64 KiB is never kept.
  socket.on('data', (part: Buffer) => {
    received = Buffer.concat([received, part])
    if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0))
      end(received.subarray(2, 2 + received.readUInt16BE(0)))
  })
  socket.on('error', end)
  socket.on('close', () => end(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  return () => end()
}
