import type { HttpHead } from '#lib/net/http-head.ts'
import { type CookieJar, createCookieJar } from '../cookie-jar.ts'
import { loginOf } from '../http-login.ts'
import { isLocationTrusted, trustFor } from '../location-trusted.ts'
import { redirectPlace } from '../redirect-place.ts'
import { chooseAddress } from './address.ts'
import { callHttp, type HttpAnswer, type PhaseTimes } from './http-request.ts'
import type { HeaderMatch, HttpModule } from './module.ts'
import type { BlackboxContext, BlackboxProber } from './prober.ts'
import { failedByRegex, type LogLine, type Recorder } from './recorder.ts'
import { matches, textOf } from './regex.ts'
import { isSameSite } from './same-site.ts'
import { recordHandshake } from './tls.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MOST_REDIRECTS = 10
const BODILESS = new Set([204, 304])
const DURATION = ['probe_http_duration_seconds', 'Duration of the HTTP request by phase, over all redirects.'] as const
const PHASES = ['connect', 'tls', 'processing', 'transfer'] as const

const GAUGES = {
  status: ['probe_http_status_code', 'Status of the HTTP answer.'],
  length: ['probe_http_content_length', 'Length that the answer announces; -1 where it does not.'],
  bodyLength: ['probe_http_uncompressed_body_length', 'Length of the body after decompression.'],
  redirects: ['probe_http_redirects', 'Redirects that were followed.'],
  ssl: ['probe_http_ssl', 'Whether the last answer came over TLS.'],
  version: ['probe_http_version', 'HTTP version of the answer.'],
} as const

/** A header's bytes as the original reads them. */
const asUtf8 = (value: string): string => (/[\x80-\xff]/.test(value) ? textOf(Buffer.from(value, 'latin1')) : value)

const headersMatch = ({ headers }: HttpHead, rule: HeaderMatch): boolean | undefined =>
  headers.get(rule.header.toLowerCase())?.some((value) => matches(rule.regexp, asUtf8(value)))

/** The first rule about headers that the answer breaks. */
const brokenHeaderRule = (module: HttpModule, { head }: HttpAnswer): string | undefined => {
  const header =
    module.failIfHeaderMatches.find((rule) => headersMatch(head, rule) ?? !rule.allowMissing) ??
    module.failIfHeaderNotMatches.find((rule) => !(headersMatch(head, rule) ?? rule.allowMissing))
  return header && `${header.header}: ${header.regexp}`
}

/** The same about the body; of one that does not come whole, the first of all. */
const brokenBodyRule = (module: HttpModule, { text, broken, tooLarge }: HttpAnswer): string | undefined => {
  const [first] = [...module.failIfBodyMatches, ...module.failIfBodyNotMatches]
  if (text === undefined || broken !== undefined || tooLarge) return first
  return (
    module.failIfBodyMatches.find((pattern) => matches(pattern, text)) ??
    module.failIfBodyNotMatches.find((pattern) => !matches(pattern, text))
  )
}

const judge = (module: HttpModule, answer: HttpAnswer, recorder: Recorder): boolean => {
  const { status, version } = answer.head
  const statusFits =
    module.validStatusCodes.length > 0 ? module.validStatusCodes.includes(status) : status >= 200 && status < 300
  if (!statusFits) return recorder.fail('Invalid HTTP response status code', { status_code: status })
  const byRegex = (regexp: string) => {
    failedByRegex(recorder, true)
    return recorder.fail('Body or header did not follow a regular expression', { regexp })
  }
  const header = brokenHeaderRule(module, answer)
  if (header !== undefined) return byRegex(header)
  if (answer.notPacked)
    return recorder.fail('Failed to get decompressor for HTTP response body', { err: answer.broken! })
  const body = brokenBodyRule(module, answer)
  if (body !== undefined) return byRegex(body)
  if (answer.broken !== undefined) return recorder.fail('Failed to read HTTP response body', { err: answer.broken })
  if (answer.tooLarge) return recorder.fail('The body is larger than the limit', { limit: module.bodyLimit })
  if (module.validVersions.length > 0 && !module.validVersions.includes(`HTTP/${version}`))
    return recorder.fail('Invalid HTTP version number', { version: `HTTP/${version}` })
  if (answer.tls && module.failIfSsl) return recorder.fail('Final request was over SSL')
  if (!answer.tls && module.failIfNotSsl) return recorder.fail('Final request was not over SSL')
  return true
}

/** The length that an answer announces as the original reads it: none beside chunks, and of no body only after a HEAD. */
const announcedBy = ({ status, headers }: HttpHead, method: string): number => {
  if (BODILESS.has(status) && method !== 'HEAD') return 0
  return headers.has('transfer-encoding') ? -1 : Number.parseInt(headers.get('content-length')?.[0] ?? '-1', 10)
}

const recordAnswer = (answer: HttpAnswer, method: string, module: HttpModule, recorder: Recorder): void => {
  const { head, bodyBytes, tls } = answer
  recorder.set(...GAUGES.status, head.status)
  recorder.set(...GAUGES.length, announcedBy(head, method))
  recorder.set(...GAUGES.bodyLength, bodyBytes)
  recorder.set(...GAUGES.version, Number(head.version))
  recorder.set(...GAUGES.ssl, tls ? 1 : 0)
  const modified = Date.parse(head.headers.get('last-modified')?.[0] ?? '')
  if (!Number.isNaN(modified))
    recorder.set(
      'probe_http_last_modified_timestamp_seconds',
      'When the answer says that it was last modified.',
      modified / 1000,
    )
  if (tls) recordHandshake(tls, module.tls, recorder)
}

const recordTimes = (times: PhaseTimes, recorder: Recorder): void => {
  for (const phase of PHASES) recorder.add(...DURATION, times[phase], `{phase="${phase}"}`)
}

const wantsText = (module: HttpModule): boolean =>
  module.failIfBodyMatches.length > 0 || module.failIfBodyNotMatches.length > 0

/** Headers that are meant for one host only. */
const PRIVATE = new Set(['authorization', 'cookie', 'host'])

const hostHeader = ({ headers }: HttpModule): string | undefined =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1]

/** The login of a module, or one that somebody wrote as a header. */
const ownLogin = ({ headers }: HttpModule): string | undefined =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]

/** Whether a login goes to where a redirect leads. */
const mayHaveLogin = (module: HttpModule, url: URL, first: URL): boolean =>
  ownLogin(module) !== undefined &&
  ((module.loginWins && isSameSite(url, first)) || isLocationTrusted(url, first, module.locationTrusted))

/** Why a login stays away from where a redirect leads, and what lets it go there; undefined where none does. */
const withheld = (module: HttpModule, url: URL, first: URL): LogLine['facts'] | undefined => {
  if (url.host === first.host || !module.loginWins || ownLogin(module) === undefined) return undefined
  if (loginOf(url) !== undefined || mayHaveLogin(module, url, first)) return undefined
  const left = url.hostname === first.hostname || isSameSite(new URL(`https://${url.host}`), first)
  return {
    host: url.host,
    why: left ? 'it leaves TLS' : `it is another host than ${first.host}`,
    allow: `http: { location_trusted: ["${trustFor(url, first)}"] }`,
  }
}

const NOT_SENT = 'The login of the module was not sent to this host'

const headersFor = (module: HttpModule, url: URL, first: URL, hostname: string | undefined, jar: CookieJar) => {
  const given = Object.fromEntries(Object.entries(module.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const home = url.host === first.host
  const login = loginOf(url) ?? (home ? loginOf(first) : undefined)
  const headers: Record<string, string> = {
    ...(home && hostname !== undefined && { host: hostname }),
    ...(home ? given : Object.fromEntries(Object.entries(given).filter(([name]) => !PRIVATE.has(name)))),
    ...(!home && mayHaveLogin(module, url, first) && { authorization: given.authorization }),
    // The login of an address goes before the module's, but not before a header that somebody wrote.
    ...(login !== undefined && (module.loginWins || given.authorization === undefined) && { authorization: login }),
  }
  const cookies = [headers.cookie, jar.header(url)].filter((one) => one !== undefined).join('; ')
  return cookies === '' ? headers : { ...headers, cookie: cookies }
}

/** Where a redirect comes from, without a login; nothing out of TLS into the clear. */
const refererFor = (from: URL, to: URL): string | undefined => {
  if (from.protocol === 'https:' && to.protocol === 'http:') return undefined
  return `${from.origin}${from.pathname}${from.search}`
}

/** An empty place is none. */
const isRedirect = ({ status, headers }: HttpHead): boolean =>
  REDIRECTS.has(status) && (headers.get('location')?.[0] ?? '') !== ''

/** The original closes a redirect that it does not follow, and what it is to look for in its body it then does not find. */
const withoutBody = (answer: HttpAnswer, method: string): HttpAnswer => ({
  ...answer,
  text: method === 'HEAD' || announcedBy(answer.head, method) === 0 ? '' : undefined,
  bodyBytes: 0,
  tooLarge: false,
  broken: undefined,
  notPacked: false,
})

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

interface Place {
  readonly addresses: readonly string[]
  readonly seconds: number
}

/** Where the target is; undefined where nobody knows, which is logged. */
const placeOf = async (
  url: URL,
  module: HttpModule,
  { tools, signal }: BlackboxContext,
  recorder: Recorder,
): Promise<Place | undefined> => {
  const chosen = await chooseAddress(hostOf(url), module, tools, signal, recorder)
  return chosen && { addresses: [chosen.address], seconds: chosen.seconds }
}

/** Where a redirect leads: to whichever address of its host answers, and nothing of it is noted. */
const nextPlace = async (
  url: URL,
  { tools, signal }: BlackboxContext,
  recorder: Recorder,
): Promise<Place | undefined> => {
  const started = performance.now()
  const found = await tools.resolve(hostOf(url), 0, signal)
  if (!('code' in found)) return { addresses: found.addresses, seconds: (performance.now() - started) / 1000 }
  recorder.fail('Error for HTTP request', { err: found.cause })
  return undefined
}

const follow = async (
  first: URL,
  module: HttpModule,
  context: BlackboxContext,
  recorder: Recorder,
): Promise<boolean> => {
  const jar = createCookieJar(context.tools.now)
  const home = await placeOf(first, module, context, recorder)
  if (!home) return false
  let url = first
  let referer: string | undefined
  let { method, body } = module as { method: string; body: string | undefined }
  for (let followed = 0; ; followed++) {
    recorder.set(...GAUGES.redirects, followed)
    const place =
      url.hostname !== first.hostname
        ? await nextPlace(url, context, recorder)
        : { ...home, ...(followed > 0 && { seconds: 0 }) }
    if (!place) return false
    recorder.add(...DURATION, place.seconds, '{phase="resolve"}')
    // These are there as soon as there is an address to ask.
    for (const phase of PHASES) recorder.add(...DURATION, 0, `{phase="${phase}"}`)
    recorder.info('Making HTTP request', { host: url.host })
    const kept = withheld(module, url, first)
    if (kept) recorder.info(NOT_SENT, kept)
    const called = await callHttp({
      url,
      addresses: place.addresses,
      method,
      body,
      headers: {
        ...(referer !== undefined && { referer }),
        ...headersFor(module, url, first, context.hostname, jar),
      },
      tls: module.tls,
      hostname: url.host === first.host ? (context.hostname ?? hostHeader(module)) : undefined,
      http2: module.http2,
      compression: module.compression,
      bodyLimit: module.bodyLimit,
      wantText: wantsText(module),
      timers: context.tools.timers,
      signal: context.signal,
    })
    recordTimes(called.times, recorder)
    if ('err' in called) return recorder.fail('Error for HTTP request', { err: called.err })
    const { answer: whole } = called
    const answer = module.followRedirects || !isRedirect(whole.head) ? whole : withoutBody(whole, method)
    const { status, headers } = answer.head
    const redirects = isRedirect(answer.head)
    const next = redirects ? redirectPlace(headers.get('location')![0]!, url) : undefined
    if (redirects && !next) return recorder.fail('Error for HTTP request', { err: 'the redirect leads to no URL' })
    jar.take(url, headers.get('set-cookie'))
    recorder.info('Received HTTP response', { status_code: status })
    if (redirects && !module.followRedirects) recorder.set(...GAUGES.redirects, followed + 1)
    if (!next || !module.followRedirects) {
      recordAnswer(answer, method, module, recorder)
      return judge(module, answer, recorder) || (kept !== undefined && recorder.fail(NOT_SENT, kept))
    }
    recorder.set(...GAUGES.redirects, followed + 1)
    if (!/^https?:$/.test(next.protocol)) return recorder.fail('Redirect leads away from HTTP', { to: next.protocol })
    if (followed >= MOST_REDIRECTS) {
      recordAnswer(answer, method, module, recorder)
      return recorder.fail('Too many redirects', { redirects: followed + 1 })
    }
    if (status < 307) {
      method = method === 'HEAD' ? method : 'GET'
      body = undefined
    }
    referer = refererFor(url, next)
    url = next
  }
}

/** One request, its redirects followed, judged by the module's rules. */
export const probeHttp: BlackboxProber<HttpModule> = async (module, target, context, recorder) => {
  recorder.set(...DURATION, 0, '{phase="resolve"}')
  for (const [name, help] of Object.values(GAUGES)) recorder.set(name, help, 0)
  failedByRegex(recorder, false)
  const url = URL.parse(/^https?:\/\//i.test(target) ? target : `http://${target}`)
  if (!url) return recorder.fail('Could not parse target URL')
  return follow(url, module, context, recorder)
}
