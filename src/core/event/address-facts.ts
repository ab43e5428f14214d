import type { NewEvent } from './event.ts'
import { addressOf } from './event-addresses.ts'

/** What is known of an address from databases that the operator has; what is not known is absent. */
export interface AddressFacts {
  /** ISO 3166-1 code of two letters. */
  readonly country?: string
  /** Who holds the network. */
  readonly owner?: string
  /** Number of the autonomous system. */
  readonly asn?: number
}

/** The event with what is known of its address, or of its network; what its sender says itself stays. */
export const withAddressFacts = (event: NewEvent, factsOf: (ip: string) => AddressFacts): NewEvent => {
  const { ip } = event.data
  const address = typeof ip === 'string' ? ip : event.monitorId === null ? addressOf(event) : undefined
  return address === undefined ? event : { ...event, data: { ...factsOf(address), ...event.data } }
}
