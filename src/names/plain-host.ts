import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { numericHost } from './numeric-host.ts'

/** The address that a host is, however it is written; undefined: it is a name. */
export const literalAddress = (host: string): string | undefined =>
  isIP(host.split('%')[0]!) !== 0 ? host : numericHost(host)

/** A name as it is asked for and remembered: in small letters, those outside ASCII as the DNS has them; '' where it is none. */
export const plainHost = (host: string): string => {
  const small = host.toLowerCase()
  return /^[\x00-\x7f]*$/.test(small) ? small : domainToASCII(small)
}
