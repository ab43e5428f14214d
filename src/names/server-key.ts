import type { NameServer } from './resolv-conf.ts'

const KEYS = new WeakMap<NameServer, string>()

/** What tells a server from others: settings that are read anew hold another object for the same one. */
export const keyOf = (server: NameServer): string => {
  let key = KEYS.get(server)
  if (key === undefined) {
    key = `${server.host} ${server.port}`
    KEYS.set(server, key)
  }
  return key
}
