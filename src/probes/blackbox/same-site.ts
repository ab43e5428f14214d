const isBelow = (host: string, above: string): boolean => above.includes('.') && host.endsWith(`.${above}`)
const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host)

/**
 * Whether a redirect stays with those to whom a login was given: at the same host, whatever its port, or at one above or
 * below it (`example.com`, `www.example.com`), and does not leave TLS.
 */
export const isSameSite = (to: URL, first: URL): boolean => {
  if (first.protocol === 'https:' && to.protocol === 'http:') return false
  const [a, b] = [to.hostname, first.hostname]
  return a === b || (!isAddress(a) && !isAddress(b) && (isBelow(a, b) || isBelow(b, a)))
}
