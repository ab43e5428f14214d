import type { LogRecord } from '#core/event/record.ts'
import type { ZeekRecord } from '#core/event/zeek-record.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'

/** What a server itself does on the network: from where it looks, and at what. */
export interface OwnPlaces {
  /** The addresses of the machine. */
  readonly addresses: ReadonlySet<string>
  /** Addresses that it looks at or sends to. */
  readonly targets: ReadonlySet<string>
  /** Names of such, in lower case. */
  readonly names: ReadonlySet<string>
}

export const NO_PLACES: OwnPlaces = { addresses: new Set(), targets: new Set(), names: new Set() }

const MOST_LEARNED = 20_000

const plain = (name: string | undefined): string => name?.toLowerCase().replace(/:\d+$|\.$/, '') ?? ''

/**
 * True for what the server itself did on purpose: looks at its targets, deliveries to its channels, and the questions for
 * their names. What else its machine does is judged as everybody's: it may be a gateway, or no longer ours.
 */
export const createIsOwnTraffic = (places: () => OwnPlaces): ((record: LogRecord) => boolean) => {
  /** Addresses that a target's name stood for, as the logs tell. */
  const learned = createRecentMap<string, true>(MOST_LEARNED)

  const isNamed = (name: string | undefined, names: ReadonlySet<string>, answers: readonly string[]): boolean => {
    if (!names.has(plain(name))) return false
    for (const answer of answers) learned.set(answer, true)
    return true
  }

  return (record) => {
    const { addresses, targets, names } = places()
    if (addresses.size === 0 || record.source !== 'zeek') return false
    const seen = record as ZeekRecord
    if (!('clientIp' in seen) || seen.clientIp === undefined || !addresses.has(seen.clientIp)) return false
    switch (seen.kind) {
      case 'conn':
        return targets.has(seen.serverIp) || learned.get(seen.serverIp) !== undefined
      case 'dns':
        return isNamed(seen.query, names, seen.answers)
      case 'ssl':
        return targets.has(seen.serverIp) || isNamed(seen.serverName, names, [seen.serverIp])
      case 'http':
        return targets.has(seen.serverIp) || isNamed(seen.host, names, [seen.serverIp])
      default:
        return false
    }
  }
}
