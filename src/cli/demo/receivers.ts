import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { http } from '#lib/net/node-http.ts'

/** A real server on this machine that keeps what it is sent. */
export interface Receiver {
  readonly port: number
  /** What came, oldest first: bodies of requests, or whole mails. */
  readonly kept: readonly string[]
  /** Resolves when so many came. */
  received(count: number): Promise<void>
  close(): Promise<void>
}

const createReceiver = async (make: (keep: (text: string) => void) => Server): Promise<Receiver> => {
  const kept: string[] = []
  const waiting = new Set<() => void>()
  const sockets = new Set<Socket>()
  const server = make((one) => {
    kept.push(one)
    for (const look of waiting) look()
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  // Before it listens an error is that of who opens it; later there is nobody to tell.
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    kept,
    received: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (kept.length < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Takes any request and keeps its body. */
export const createHttpReceiver = (): Promise<Receiver> =>
  createReceiver((keep) =>
    http.createServer(async (request, response) => {
      keep(await text(request).catch(() => ''))
      response.end('ok')
    }),
  )

/** One SMTP session (RFC 5321): everybody is welcome, and whatever is sent is kept. */
const serveMail = (socket: Socket, keep: (mail: string) => void) => {
  const say = (line: string) => socket.write(`${line}\r\n`)
  let mail: string[] | undefined
  say('220 localhost ready')
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (mail && line !== '.') return void mail.push(line.replace(/^\./, ''))
    if (mail) {
      keep(mail.join('\r\n'))
      mail = undefined
      return say('250 kept')
    }
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'QUIT') return socket.end('221 bye\r\n')
    if (verb !== 'DATA') return say('250 well')
    mail = []
    return say('354 go on')
  })
}

/** A mail server that keeps every mail, as it was sent. */
export const createMailReceiver = (): Promise<Receiver> =>
  createReceiver((keep) => createServer((socket) => serveMail(socket, keep)))
