import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { freePort } from './load/index.ts'
import { atMost, type Benchmark, type Row } from './row.ts'
import { startBenchServer } from './server.ts'

const READERS = 300
const BATCHES = 60
const EVENTS = 400
const SUBJECT = 'x'.repeat(170)
const SETTLE_MS = 2000

const settle = () => new Promise((later) => setTimeout(later, SETTLE_MS))

/** One that asks for live changes and reads nothing of them. */
const stuckReader = async (port: number, token: string): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET /api/v1/live HTTP/1.1\r\nHost: vigia\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  return socket
}

const measure = async (): Promise<readonly Row[]> => {
  const port = await freePort()
  const server = await startBenchServer({}, port)
  const sockets: Socket[] = []
  try {
    const viewer = server.token()
    const headers = { authorization: `Bearer ${server.token('operator')}`, 'content-type': 'application/json' }
    const events = Array.from({ length: EVENTS }, (_, index) => ({ type: 'bench', subject: `${index} ${SUBJECT}` }))
    const post = async () => {
      for (let batch = 0; batch < BATCHES; batch++) {
        const answer = await fetch(`${server.url}/api/v1/events`, {
          method: 'POST',
          headers,
          body: JSON.stringify(events),
        })
        await answer.arrayBuffer()
      }
      await settle()
    }
    // The same without readers first, so that what is measured is theirs.
    await post()
    const before = server.residentMb()
    for (let index = 0; index < READERS; index++) sockets.push(await stuckReader(port, viewer))
    await post()
    const row = { name: 'live.stuck', what: `${READERS} readers that never read`, unit: 'MB', n: READERS }
    return [atMost({ ...row, ours: server.residentMb() - before }, 100)]
  } finally {
    for (const socket of sockets) socket.destroy()
    await server.stop()
  }
}

/** What those who listen and do not read cost. */
export const benchmark: Benchmark = { names: ['live.stuck'], run: measure }
