import { domainToASCII } from 'node:url'

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i

/** True for a name that stands in DNS, as far as its form tells. */
const isFullName = (name: string): boolean => DOMAIN.test(name)

/**
 * How this machine introduces itself to a mail server (RFC 5321, 4.1.1.1): the name that was asked for, else its own where
 * that is a full one, else the sender's domain, for many relays refuse a bare name or an address. Undefined: an address.
 */
export const heloName = (wanted: string | undefined, hostname: string, sender: string): string | undefined => {
  const domain = domainToASCII(sender.slice(sender.lastIndexOf('@') + 1))
  return (
    wanted ?? [hostname, domain].find((name) => isFullName(name) && !/\.(localdomain|local|localhost)$/i.test(name))
  )
}
