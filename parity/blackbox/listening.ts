import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'

/** The port of a server that listens from now on, by default on this machine's address of IPv4. */
export const listening = async (server: Server, host = '127.0.0.1'): Promise<number> => {
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A port on which nothing listens. */
export const freePort = async (make: () => Server): Promise<number> => {
  const server = make()
  const port = await listening(server)
  await new Promise((closed) => server.close(closed))
  return port
}
