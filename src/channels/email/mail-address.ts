import { wireName } from '#lib/net/wire-name.ts'

const BEYOND_ASCII = /[^\x00-\x7f]/

const partsOf = (address: string): readonly [local: string, domain: string] => {
  const at = address.lastIndexOf('@')
  return [address.slice(0, at), address.slice(at + 1)]
}

/**
 * True for an address that only servers with SMTPUTF8 (RFC 6531) take: letters beyond ASCII before the @. A domain has a
 * form in ASCII that all take.
 */
export const needsUtf8 = (address: string): boolean => BEYOND_ASCII.test(partsOf(address)[0])

/** An address as an envelope has it: its domain in punycode. */
export const wireAddress = (address: string): string => {
  const [local, domain] = partsOf(address)
  return `${local}@${wireName(domain) || domain}`
}
