import type { NewEvent } from './event.ts'

/** What is known of an address from databases that the operator has; what is not known is absent. */
export interface AddressFacts {
  /** ISO 3166-1 code of two letters. */
  readonly country?: string
  /** Who holds the network. */
  readonly owner?: string
  /** Number of the autonomous system. */
  readonly asn?: number
}

/** The event with what is known of its `ip`; what its sender says itself stays. */
export const withAddressFacts = (event: NewEvent, factsOf: (ip: string) => AddressFacts): NewEvent => {
  const { ip } = event.data
  return typeof ip === 'string' ? { ...event, data: { ...factsOf(ip), ...event.data } } : event
}
