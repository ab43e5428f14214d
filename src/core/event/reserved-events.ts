/** The type of the event that several signals about one address become. */
export const CORRELATION = 'correlation'

/** Types of events that only this server makes: of its own looks, its channels, its ports, and of itself. */
const RESERVED: ReadonlySet<string> = new Set(['monitor_state', 'channel_failed', 'port_state', CORRELATION])
const OF_THE_SERVER = 'vigia_'

/** True for the types that only this server makes. */
export const isReserved = (type: string): boolean => RESERVED.has(type) || type.startsWith(OF_THE_SERVER)

/**
 * Why a sender may not hand in events of this type; undefined when he may. Under it he could end an outage that lasts, or
 * have the server seem to say what it did not.
 */
export const reservedReason = (type: string): string | undefined =>
  isReserved(type) ? `${type} is reserved: this server alone makes such events; choose a name of your own` : undefined
