import { type ChildProcess, spawn } from 'node:child_process'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer, type Server } from 'node:net'
import { parseArgs } from 'node:util'
import { selfSigned } from '../test/fixtures/servers/certificates.ts'

/** Servers to probe, in a process of their own so that their CPU is not counted: `node listener.ts tcp`. */

export type Kind = 'tcp' | 'http' | 'https'

export interface Listener {
  readonly port: number
  stop(): void
}

/** Starts a server of a kind on the second processor, where there is one. */
export const startListener = (kind: Kind): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(process.execPath, [import.meta.filename, '--kind', kind], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error('the listener ended')))
    child.stdout!.once('data', (port) => resolve({ port: Number(port), stop: () => void child.kill() }))
  })

const SERVERS: Readonly<Record<Kind, () => Server>> = {
  tcp: () => createServer((socket) => void socket.on('error', () => {}).destroy()),
  http: () => createHttp((_request, response) => void response.end('all is well')),
  https: () => createHttps(selfSigned, (_request, response) => void response.end('all is well')),
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { kind: { type: 'string' } } })
  const server = SERVERS[values.kind as Kind]()
  server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => {
    console.log((server.address() as { port: number }).port)
  })
}
