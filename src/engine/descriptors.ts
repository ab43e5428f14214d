import { readFileSync } from 'node:fs'

/** Open files that this process may have at once; undefined where the system does not tell. */
export const openFilesLimit = (): number | undefined => {
  try {
    const [, limit] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return limit === 'unlimited' ? Number.POSITIVE_INFINITY : limit === undefined ? undefined : Number(limit)
  } catch {
    return undefined
  }
}

/** What a server holds beside its probes: databases, threads, listeners, some messages and readers of the page. */
const OTHERS = 64

/**
 * How many of `wanted` sockets may be open at once when they may take one in `share` of the descriptors that others do
 * not need: messages, the database and who asks the API keep theirs, however many hosts are silent.
 */
export const socketsWithin = (wanted: number, share: number, limit = openFilesLimit()): number =>
  limit === undefined ? wanted : Math.max(1, Math.min(wanted, Math.floor((limit - OTHERS) / share)))
