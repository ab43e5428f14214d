import type { FastifyRequest } from 'fastify'

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)

/**
 * Whether a page of this server sent the request, another site's page, or, as far as one can tell, no browser at all.
 * Browsers leave out Sec-Fetch-Site on plain HTTP; what they always send with a change is the Origin.
 */
export const sentFrom = ({ headers, host }: FastifyRequest): 'here' | 'elsewhere' | 'unknown' => {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'here' : 'elsewhere'
  if (headers.origin === undefined) return 'unknown'
  return hostOf(headers.origin) === host ? 'here' : 'elsewhere'
}

/** Where to go after signing in: a page of this server and nothing else, however it is written. */
export const safeNext = (wanted: unknown): string => {
  const base = 'http://here.invalid'
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || !URL.canParse(wanted, base)) return '/'
  const { origin, pathname, search } = new URL(wanted, base)
  const path = pathname + search
  // What a browser would read as another host may only show once the dots are gone: `/.//evil.example`.
  const local = origin === base && !path.startsWith('//') && !/^\/(sign-in|sign-out|setup)\b/.test(path)
  return local ? path : '/'
}
