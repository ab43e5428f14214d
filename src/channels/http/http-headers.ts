import { type Said, says } from '#core/said.ts'
import { http } from '#lib/net/node-http.ts'
import { Type } from '#lib/schema.ts'

type Headers = Readonly<Record<string, string>>

/** Headers that belong to the connection or to the message's identity. */
const OWN_HEADERS = /^(host|content-length|transfer-encoding|connection|idempotency-key|x-vigia-.*)$/i

/** The option of further headers, of which each may be a secret. */
export const headersOption = Type.Optional(
  Type.Record(Type.String(), Type.String({ 'x-secret': true, maxLength: 8000 }), {
    title: 'Headers',
    description: 'Further headers, for example Authorization.',
    'x-es': { title: 'Encabezados', description: 'Otros encabezados, por ejemplo Authorization.' },
    maxProperties: 50,
  }),
)

/** Names of headers differ in case only for people. */
export const lowerCase = (headers: Headers = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

/** That an address is none. */
export const NO_URL = says(
  'url: not a URL; write it as https://host/path',
  'url: no es una URL; escríbala como https://equipo/ruta',
)

const checkHeader = ([name, value]: readonly [string, string]): Said | undefined => {
  try {
    http.validateHeaderName(name)
    http.validateHeaderValue(name, value)
  } catch {
    return says(
      `headers: "${name}" has a name or a value that HTTP does not allow`,
      `headers: "${name}" tiene un nombre o un valor que HTTP no permite`,
    )
  }
  return OWN_HEADERS.test(name)
    ? says(`headers: "${name}" is set by Vigía itself; leave it out`, `headers: "${name}" lo pone Vigía; quítelo`)
    : undefined
}

/** What is wrong with headers that people wrote; undefined when nothing is. */
export const checkHeaders = (headers: Headers = {}): Said | undefined =>
  Object.entries(headers)
    .map(checkHeader)
    .find((fault) => fault !== undefined)

/** The scheme of a value such as `Bearer TOKEN` is no secret, the rest is. */
export const headerSecrets = (headers: Headers = {}): string[] =>
  Object.values(headers).flatMap((value) => [value, value.replace(/^\S+\s+/, '')])
