/** How a host that may have a login is written: `login.example.net`, `*.example.net`, `*`; `http://` before it also without TLS. */
export const TRUSTED_PATTERN = '^([hH][tT][tT][pP]://)?(\\*|(\\*\\.)?(\\[[0-9a-fA-F:.]+\\]|[^\\s/*@:?#\\[\\]]+))$'

const CLEAR = /^http:\/\//i

/** A host as URLs write it. */
const hostNamed = (name: string): string => (URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : name)

/**
 * Whether a redirect may take a login along, as curl's `--location-trusted` lets it, but only to hosts that somebody
 * named. It does not leave TLS, but for hosts that were named with `http://`.
 */
export const isLocationTrusted = (to: URL, from: URL, trusted: readonly string[]): boolean =>
  trusted.some((entry) => {
    if (from.protocol === 'https:' && to.protocol === 'http:' && !CLEAR.test(entry)) return false
    const host = entry.replace(CLEAR, '')
    if (host === '*') return true
    return host.startsWith('*.')
      ? to.hostname.endsWith(`.${hostNamed(host.slice(2))}`)
      : to.hostname === hostNamed(host)
  })

/** What to write so that this host may have a login. */
export const trustFor = (to: URL, from: URL): string =>
  from.protocol === 'https:' && to.protocol === 'http:' ? `http://${to.hostname}` : to.hostname
