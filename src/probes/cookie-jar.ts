interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  /** Not for hosts below the domain. */
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
}

/** As many as browsers keep of one site at the least (RFC 6265, 6.1). */
const MOST_KEPT = 50
const LONGEST = 4096

const isBelow = (host: string, domain: string): boolean =>
  host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host))

/** The folder of a path (RFC 6265, 5.1.4). */
const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))

const pathFits = (asked: string, path: string): boolean =>
  asked === path || (asked.startsWith(path) && (path.endsWith('/') || asked[path.length] === '/'))

const attributesOf = (parts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=')
      const name = at < 0 ? part : part.slice(0, at)
      return [`-${name.trim().toLowerCase()}`, at < 0 ? '' : part.slice(at + 1).trim()]
    }),
  )

const isOver = (attributes: Readonly<Record<string, string>>, now: number): boolean => {
  const age = attributes['-max-age']
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0
  return Date.parse(attributes['-expires'] ?? '') <= now
}

/** A cookie as a server sets it; undefined where it is none, or is not that server's to set. */
const readCookie = (text: string, url: URL, now: number): (Cookie & { readonly over: boolean }) | undefined => {
  const [pair = '', ...rest] = text.split(';')
  const at = pair.indexOf('=')
  if (at < 1 || text.length > LONGEST) return undefined
  const attributes = attributesOf(rest)
  const domain = (attributes['-domain'] ?? '').replace(/^\./, '').toLowerCase()
  // A domain of one word would be everybody's.
  if (domain !== '' && domain !== url.hostname && (!domain.includes('.') || !isBelow(url.hostname, domain)))
    return undefined
  const path = attributes['-path'] ?? ''
  return {
    name: pair.slice(0, at).trim(),
    value: pair.slice(at + 1).trim(),
    domain: domain || url.hostname,
    hostOnly: domain === '',
    path: path.startsWith('/') ? path : folderOf(url.pathname),
    secure: '-secure' in attributes,
    over: isOver(attributes, now),
  }
}

/** The cookies of one look: what an answer sets goes with the requests that follow it (RFC 6265), and is then forgotten. */
export const createCookieJar = (now: () => number) => {
  let kept: readonly Cookie[] = []
  return {
    /** Takes what an answer of `url` sets. */
    take: (url: URL, set: readonly string[] | undefined) => {
      for (const text of set ?? []) {
        const cookie = readCookie(text, url, now())
        if (!cookie) continue
        const others = kept.filter(
          ({ name, domain, path }) => name !== cookie.name || domain !== cookie.domain || path !== cookie.path,
        )
        kept = (cookie.over ? others : [...others, cookie]).slice(-MOST_KEPT)
      }
    },
    /** What goes to `url`, as the `Cookie` header has it; undefined for nothing. */
    header: ({ hostname, pathname, protocol }: URL): string | undefined => {
      const meant = kept.filter(
        ({ domain, hostOnly, path, secure }) =>
          (hostOnly ? hostname === domain : isBelow(hostname, domain)) &&
          pathFits(pathname, path) &&
          (!secure || protocol === 'https:'),
      )
      return meant.length === 0 ? undefined : meant.map(({ name, value }) => `${name}=${value}`).join('; ')
    },
  }
}
export type CookieJar = ReturnType<typeof createCookieJar>
