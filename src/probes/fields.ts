import { DURATION_PATTERN } from '#lib/duration.ts'
import { decodePercent } from '#lib/percent.ts'
import { Type } from '#lib/schema.ts'

/** Option fields that several probe types share, so that they read the same everywhere. */
export const hostField = (description: string) =>
  Type.String({ title: 'Host', description, minLength: 1, maxLength: 253, pattern: '^[^\\s/]+$' })

export const portField = (options: { default?: number } = {}) =>
  Type.Integer({ title: 'Port', description: 'TCP port, 1 to 65535', minimum: 1, maximum: 65_535, ...options })

export const familyField = Type.Union([Type.Literal('any'), Type.Literal('4'), Type.Literal('6')], {
  title: 'IP version',
  description: 'Which addresses of a name to use: any, 4 or 6',
  default: 'any',
})

export const durationField = (title: string, description: string) =>
  Type.String({ title, description, pattern: DURATION_PATTERN, examples: ['30s'] })

export const familyOf = (family: 'any' | '4' | '6' | undefined): 0 | 4 | 6 =>
  family === '4' ? 4 : family === '6' ? 6 : 0

/** A host and port as people write them: IPv6 in brackets. */
export const place = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** The host of a target URL without the brackets of IPv6. */
export const hostOf = (url: URL): string => decodePercent(url.hostname).replace(/^\[|\]$/g, '')

/** True when the URL carries nothing but a host and, where wanted, a port. */
export const bare = (url: URL): boolean =>
  ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
