import { createServer, type Socket } from 'node:net'

export const SITES = 40
/** Monitors on a port that opens and closes, so that who looks gets updates all the time. */
const FLAPPING = 100
const FLAP_EVERY_MS = 5000

/** Listens at the port after the given one for good, and at the one after that now and then. Returns the way to stop. */
export const startFlapping = async (port: number) => {
  const sockets = new Set<Socket>()
  let server = createServer()
  const open = () =>
    new Promise<void>((resolve) => {
      server = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => {}).on('close', () => sockets.delete(socket))
      })
      server.listen(port + 2, '127.0.0.1', () => resolve())
    })
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>((resolve) => void server.close(() => resolve()))
  }
  await open()
  const steady = createServer((socket) => void socket.on('error', () => {}).end()).listen(port + 1, '127.0.0.1')
  const timer = setInterval(() => void (server.listening ? close() : open()), FLAP_EVERY_MS)
  return async () => {
    clearInterval(timer)
    if (server.listening) await close()
    steady.close()
  }
}

/** So many monitors of those two ports, by site. */
export const liveFleet = (count: number, port: number) => ({
  defaults: { interval: '60s', failures: 1, successes: 1, recovery_interval: '2s' },
  monitors: Array.from({ length: count }, (_, index) => ({
    name: `pop-${String(index % SITES).padStart(2, '0')} cpe ${index}`,
    target: `tcp://127.0.0.1:${index < FLAPPING ? port + 2 : port + 1}`,
    ...(index < FLAPPING && { interval: '2s' }),
    labels: { site: `POP-${index % SITES}`, tier: index % 3 === 0 ? 'core' : 'access' },
  })),
})
