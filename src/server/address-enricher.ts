import type { Logger } from 'pino'
import type { SecurityLimits } from '#config/sources.ts'
import { type AddressFacts, withAddressFacts } from '#core/event/address-facts.ts'
import type { NewEvent } from '#core/event/event.ts'
import { createAddressFacts } from '#sources/address/address-facts.ts'

type Files = Pick<SecurityLimits, 'countryFile' | 'ownerFile'>

/** What is known of the address of an event, from the operator's databases. */
export interface AddressEnricher {
  enrich(event: NewEvent): NewEvent
  /** What they tell of an address; empty where there are none. */
  of(ip: string): AddressFacts
  /** Asks other databases, or none. */
  set(files: Files | undefined): void
}

export const createAddressEnricher = (log: Pick<Logger, 'warn'>): AddressEnricher => {
  let known: Files = {}
  let facts: ReturnType<typeof createAddressFacts> | undefined
  return {
    enrich: (event) => (facts ? withAddressFacts(event, facts.of) : event),
    of: (ip) => facts?.of(ip) ?? {},
    set: ({ countryFile, ownerFile } = {}) => {
      if (countryFile === known.countryFile && ownerFile === known.ownerFile) return
      known = { ...(countryFile !== undefined && { countryFile }), ...(ownerFile !== undefined && { ownerFile }) }
      const some = countryFile !== undefined || ownerFile !== undefined
      facts = some ? createAddressFacts({ ...known, onTrouble: (message) => log.warn(message) }) : undefined
    },
  }
}
