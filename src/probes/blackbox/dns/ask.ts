import { createSocket } from 'node:dgram'
import { connect, isIPv6, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { connectDatagram } from '#lib/net/connect-datagram.ts'
import { Malformed } from './cursor.ts'
import { type Reply, readReply } from './reply.ts'

export interface Question {
  readonly query: Buffer
  readonly address: string
  readonly port: number
  /** Address of this machine to ask from. */
  readonly source: string | undefined
  readonly signal: AbortSignal
  readonly connected: () => void
}

export type Asked = Reply | { readonly err: string }

/** What a server may send by UDP to who does not say that he takes more. */
const LARGEST_DATAGRAM = 512

const read = (message: Buffer): Asked => {
  try {
    return readReply(message)
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return { err: `malformed answer: ${error.message}` }
    throw error
  }
}

const answers = (message: Buffer, query: Buffer): boolean => message.readUInt16BE(0) === query.readUInt16BE(0)

/** An answer to an earlier question is passed over, as the original does. */
export const overUdp = ({ query, address, port, source, signal, connected }: Question): Promise<Asked> =>
  new Promise((resolve) => {
    const socket = createSocket(isIPv6(address.split('%')[0]!) ? 'udp6' : 'udp4')
    let open = true
    const end = (asked: Asked) => {
      signal.removeEventListener('abort', late)
      if (open) socket.close()
      open = false
      resolve(asked)
    }
    const late = () => end({ err: 'timeout' })
    socket.on('error', ({ message }) => end({ err: message }))
    socket.on('message', (whole) => {
      const asked = read(whole.subarray(0, LARGEST_DATAGRAM))
      if ('err' in asked || answers(whole, query)) end(asked)
    })
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
    const go = () =>
      connectDatagram(socket, port, address, (error) => {
        if (error) return end({ err: error.message })
        connected()
        socket.send(query)
      })
    if (source === undefined) go()
    else socket.bind({ address: source }, go)
  })

/** Over TCP, or over TLS where its options are given. */
export const overTcp = (
  { query, address, port, source, signal, connected }: Question,
  tls: ConnectionOptions | undefined,
): Promise<Asked> =>
  new Promise((resolve) => {
    const place = { host: address, port, ...(source !== undefined && { localAddress: source }) }
    const fail = ({ message }: Error) => end({ err: message })
    const socket: Socket = tls ? connectTls({ ...place, ...tls }).on('error', fail) : connect(place).on('error', fail)
    let received: Buffer = Buffer.alloc(0)
    const end = (asked: Asked) => {
      signal.removeEventListener('abort', late)
      socket.destroy()
      resolve(asked)
    }
    const late = () => end({ err: 'timeout' })
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      connected()
      socket.write(Buffer.concat([length, query]))
    })
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      const message = received.subarray(2, 2 + received.readUInt16BE(0))
      const asked = read(message)
      end('err' in asked || answers(message, query) ? asked : { err: 'the answer is to another question' })
    })
    socket.once('close', () => end({ err: 'connection closed' }))
    if (signal.aborted) late()
    else signal.addEventListener('abort', late, { once: true })
  })
