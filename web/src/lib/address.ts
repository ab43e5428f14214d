/** What may be an address; whether it is one, the server says. */
export const isAddress = (text: string): boolean =>
  text.length <= 45 && (/^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) || (/^[0-9a-f:.]+$/i.test(text) && /:.*:/.test(text)))

/** How senders name the address that an event is about; as the server reads it (`core/event/event-addresses.ts`). */
const NAMES = ['ip', 'source_ip', 'src_ip', 'ip_address', 'source_address']

/** The address that an event or an alert is about; undefined for what is about none. */
export const addressIn = (subject: string, data: Readonly<Record<string, unknown>>): string | undefined =>
  [...NAMES.map((name) => data[name]), subject].find(
    (value): value is string => typeof value === 'string' && isAddress(value),
  )

/** Where all about an address stands. */
export const addressPath = (address: string): string => `/security/${encodeURIComponent(address)}`
