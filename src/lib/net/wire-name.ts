import { domainToASCII } from 'node:url'

/**
 * A name as DNS questions, TLS and certificates carry it: letters outside ASCII in punycode (UTS 46), no final dot. Empty for
 * what can be none.
 */
export const wireName = (name: string): string => {
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  return /^[\x00-\x7f]*$/.test(plain) ? plain : domainToASCII(plain)
}
