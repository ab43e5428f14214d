import { isIP, isIPv6 } from 'node:net'
import { type Said, says } from '#core/said.ts'
import { type FieldWords, Type } from '#lib/schema.ts'
import { decodePercent } from '#lib/text/percent.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'

/** Option fields that several probe types share, so that they read the same everywhere. */
export const hostField = (description: string, spanish: string) =>
  Type.String({
    title: 'Host',
    description,
    'x-es': { title: 'Equipo', description: spanish },
    minLength: 1,
    maxLength: 253,
    pattern: '^[^\\s/]+$',
  })

/**
 * What is wrong with a host that can be no name: one that ends in a number is an address (WHATWG URL, "ends in a
 * number"), and one that is not valid would be looked up for ever.
 */
export const hostProblem = ({ host }: { readonly host: string }): Said | undefined =>
  isIP(host) === 0 && /(^|\.)\d+\.?$/.test(host)
    ? says(
        `host: ${host} is no IP address and no name, write four numbers from 0 to 255 as 192.0.2.10, or a name`,
        `host: ${host} no es una dirección IP ni un nombre; escriba cuatro números de 0 a 255, como 192.0.2.10, o un nombre`,
      )
    : undefined

export const portField = (options: { default?: number } = {}) =>
  Type.Integer({
    title: 'Port',
    description: 'TCP port, 1 to 65535',
    'x-es': { title: 'Puerto', description: 'Puerto TCP, de 1 a 65535' },
    minimum: 1,
    maximum: 65_535,
    ...options,
  })

export const familyField = Type.Union([Type.Literal('any'), Type.Literal('4'), Type.Literal('6')], {
  title: 'IP version',
  description: 'Which addresses of a name to use: any, 4 or 6',
  'x-es': { title: 'Versión de IP', description: 'Qué direcciones de un nombre usar: "any" (cualquiera), 4 o 6' },
  default: 'any',
})

export const durationField = (words: FieldWords) =>
  Type.String({ ...words, pattern: DURATION_PATTERN, examples: ['30s'] })

export const sourceField = Type.String({
  title: 'Source address',
  description: 'Address of this machine to send from; without it the system chooses',
  'x-es': {
    title: 'Dirección de origen',
    description: 'Dirección de esta máquina desde la que enviar; sin ella elige el sistema',
  },
  pattern: '^[0-9A-Fa-f:.]+$',
  maxLength: 45,
})

interface Sourced {
  readonly source?: string
  readonly family?: 'any' | '4' | '6'
}

/** What is wrong with an address to send from, and what would be right. */
export const sourceProblem = ({ source, family = 'any' }: Sourced): Said | undefined => {
  if (source === undefined) return undefined
  const version = isIP(source)
  if (version === 0)
    return says(
      `source: ${source} is no IP address, give one of this machine's`,
      `source: ${source} no es una dirección IP; escriba una de esta máquina`,
    )
  if (family === 'any' || Number(family) === version) return undefined
  return says(
    `source: ${source} is an address of IPv${version}, so family must be ${version} or be left out`,
    `source: ${source} es una dirección de IPv${version}, así que family debe ser ${version} o faltar`,
  )
}

/** The IP version to look with: that of the address to send from, where there is one. */
export const versionOf = ({ source, family }: Sourced): 0 | 4 | 6 =>
  source === undefined ? familyOf(family) : isIPv6(source) ? 6 : 4

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
