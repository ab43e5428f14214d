import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTls } from 'node:tls'
import type { Certificate } from '../../test/fixtures/servers/certificates.ts'
import { type Rr, recordBytes } from './dns-records.ts'

/** What is answered; `raw` gets the query and makes whole messages of it. */
export interface DnsAnswer {
  readonly rcode?: number
  readonly answer?: readonly Rr[]
  readonly authority?: readonly Rr[]
  readonly additional?: readonly Rr[]
  readonly raw?: (query: Buffer) => readonly Buffer[]
}

const endOfQuestion = (query: Buffer): number => query.indexOf(0, 12) + 5

export const messageOf = (
  query: Buffer,
  { rcode = 0, answer = [], authority = [], additional = [] }: DnsAnswer,
): Buffer => {
  const head = Buffer.from(query.subarray(0, 12))
  head.writeUInt16BE(0x8080 | (query.readUInt16BE(2) & 0x0100) | (rcode & 15), 2)
  for (const [index, section] of [answer, authority, additional].entries())
    head.writeUInt16BE(section.length, 6 + 2 * index)
  const records = [...answer, ...authority, ...additional].flatMap(recordBytes)
  return Buffer.concat([head, query.subarray(12, endOfQuestion(query)), Buffer.from(records)])
}

const messagesOf = (query: Buffer, answers: Readonly<Record<string, DnsAnswer>>): readonly Buffer[] => {
  const label = query[12] === 0 ? '.' : query.toString('latin1', 13, 13 + query[12]!)
  const answer = answers[label] ?? { rcode: 3 }
  return answer.raw?.(query) ?? [messageOf(query, answer)]
}

const talk = (socket: Socket, answers: Readonly<Record<string, DnsAnswer>>) => {
  let received = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (part: Buffer) => {
    received = Buffer.concat([received, part])
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
    for (const message of messagesOf(received.subarray(2), answers)) {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(message.length)
      socket.write(Buffer.concat([length, message]))
    }
    socket.end()
  })
}

/** Answers on one port by UDP and TCP and on another by TLS, by the first label of the name that is asked for. */
export const serveDns = async (
  answers: Readonly<Record<string, DnsAnswer>>,
  certificate: Certificate,
  defer: (close: () => void) => void,
): Promise<{ readonly port: number; readonly tlsPort: number }> => {
  const tcp = createServer((socket) => talk(socket, answers))
  tcp.listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const { port } = tcp.address() as AddressInfo
  const udp = createSocket('udp4')
  udp.on('message', (query, from) => {
    for (const message of messagesOf(query, answers)) udp.send(message, from.port, from.address)
  })
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')
  const tls = createTls(certificate, (socket) => talk(socket, answers))
  tls.on('tlsClientError', () => {})
  tls.listen(0, '127.0.0.1')
  await once(tls, 'listening')
  defer(() => {
    tcp.close()
    udp.close()
    tls.close()
  })
  return { port, tlsPort: (tls.address() as AddressInfo).port }
}
