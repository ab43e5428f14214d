/** Values by header name in lower case, in the order of their lines; bytes beyond ASCII as Latin-1. */
export type HttpHeaders = ReadonlyMap<string, readonly string[]>

/** What breaks the rules of HTTP and hinders nobody from reading the answer: curl and browsers overlook it. */
export type HttpOddity =
  | 'lines_without_cr'
  | 'blank_in_header_name'
  | 'control_in_header'
  | 'folded_header'
  | 'length_repeated'
  | 'length_and_chunks'
  | 'more_than_announced'

/** Why an answer cannot be read, with what is to be told of it. */
export type HttpFault =
  | { readonly code: 'not_http' | 'odd_status_line' | 'odd_chunks' }
  | { readonly code: 'headers_too_large'; readonly limit: number }
  | { readonly code: 'header_without_colon' | 'header_with_nul'; readonly line: number }
  | { readonly code: 'lengths_differ' | 'odd_length'; readonly value: string }

export interface HttpHead {
  readonly status: number
  /** As written: `1.1`. */
  readonly version: string
  readonly headers: HttpHeaders
  readonly oddities: ReadonlySet<HttpOddity>
}

const STATUS_LINE = /^HTTP\/(\d(?:\.\d)?)[ \t]+(\d{3})(?!\d)/

const STATUS_SAID = /^HTTP\/\d(?:\.\d)?[ \t]+(\d{3})[ \t\r\n]/

/** The status of an answer by the beginning of its first line; undefined where it does not say one, or not yet. */
export const statusOf = (beginning: string): number | undefined => {
  const found = STATUS_SAID.exec(beginning)
  return found ? Number(found[1]) : undefined
}

const BLANK_IN_NAME = /[ \t]/
const CONTROL = /[\x01-\x08\x0b\x0c\x0d-\x1f\x7f]/
const MOST_SHOWN = 40

/** The one length that is announced, in bytes; undefined where there is none. */
export const announcedLength = (headers: HttpHeaders, oddities: Set<HttpOddity>): number | undefined | HttpFault => {
  const given = headers.get('content-length')
  if (!given) return undefined
  const values = given.length === 1 && !given[0]!.includes(',') ? given : given.flatMap((one) => one.split(','))
  const [first = '', ...others] = values.map((one) => one.trim())
  if (others.length > 0) oddities.add('length_repeated')
  const value = [first, ...others].join(', ').slice(0, MOST_SHOWN)
  if (others.some((one) => one !== first)) return { code: 'lengths_differ', value }
  return /^\d{1,15}$/.test(first) ? Number(first) : { code: 'odd_length', value }
}

/** Reads the lines of a head, without the blank one that ends it. Takes what curl takes, and notes what is odd. */
export const readHttpHead = (text: string): (HttpHead & { readonly oddities: Set<HttpOddity> }) | HttpFault => {
  const lines = text.split('\n')
  const status = STATUS_LINE.exec(lines[0]!)
  if (!status) return { code: 'odd_status_line' }
  const headers = new Map<string, string[]>()
  const oddities = new Set<HttpOddity>()
  let last: string[] | undefined
  for (const [index, whole] of lines.entries()) {
    const ended = whole.endsWith('\r')
    if (!ended) oddities.add('lines_without_cr')
    if (index === 0) continue
    const line = ended ? whole.slice(0, -1) : whole
    if (line.includes('\0')) return { code: 'header_with_nul', line: index }
    if (CONTROL.test(line)) oddities.add('control_in_header')
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) {
      oddities.add('folded_header')
      last.push(`${last.pop()} ${line.trim()}`)
      continue
    }
    const colon = line.indexOf(':')
    if (colon < 0) return { code: 'header_without_colon', line: index }
    const written = line.slice(0, colon)
    if (BLANK_IN_NAME.test(written)) oddities.add('blank_in_header_name')
    const name = written.trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers.get(name)
    last = before ?? []
    last.push(value)
    if (!before) headers.set(name, last)
  }
  return { status: Number(status[2]), version: status[1]!, headers, oddities }
}
