import { isIP } from 'node:net'
import { wireName } from '#lib/net/wire-name.ts'
import { numericHost } from './numeric-host.ts'

/** The address that a host is, however it is written; undefined: it is a name. */
export const literalAddress = (host: string): string | undefined =>
  isIP(host.split('%')[0]!) !== 0 ? host : numericHost(host)

/** A name as it is asked for and remembered: in small letters, those outside ASCII as the DNS has them; '' where it is none. */
export const plainHost = (host: string): string => {
  const small = host.toLowerCase()
  // A final dot says that no search domain is tried: it stays.
  return small.endsWith('.') ? `${wireName(small)}.` : wireName(small)
}
