import { isIP } from 'node:net'
import { putAt } from '#lib/sketch/put-at.ts'
import { versionOf } from './fields.ts'

interface Kept<Options, Request> {
  readonly options: Options
  readonly timeoutMs: number
  readonly address: string
  /** The host is an address itself: nothing needs to be looked up again. */
  readonly literal: boolean
  readonly request: Request
}

export interface HostOptions {
  readonly host: string
  readonly family?: 'any' | '4' | '6'
  readonly source?: string
}

/**
 * What each slot's options come to: worked out once, and again only when the options, the time-out or the address of the
 * name change. The engine knows a request that it has read before by its identity.
 */
export const createSlotRequests = <Options extends HostOptions, Request>(
  known: (host: string, family: 0 | 4 | 6) => readonly string[] | undefined,
  make: (options: Options, address: string, timeoutMs: number) => Request,
) => {
  const slots: (Kept<Options, Request> | undefined)[] = []
  return {
    /** Undefined while the name must be asked for, or where it has more addresses than `most`. */
    of: (slot: number, options: Options, timeoutMs: number, most: number): Request | undefined => {
      const kept = slots[slot]
      const same = kept?.options === options && kept.timeoutMs === timeoutMs
      if (same && kept.literal) return kept.request
      const addresses = known(options.host, versionOf(options))
      if (!addresses || addresses.length > most) return undefined
      const address = addresses[0]!
      if (same && kept.address === address) return kept.request
      const literal = isIP(options.host.split('%')[0]!) !== 0
      const request = make(options, address, timeoutMs)
      putAt(slots, slot, { options, timeoutMs, address, literal, request })
      return request
    },
    /** The request that a slot was given last. */
    last: (slot: number): Request => slots[slot]!.request,
  }
}
