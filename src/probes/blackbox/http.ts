import type { HttpHead } from '#lib/net/http-head.ts'
import { type CookieJar, createCookieJar } from '../cookie-jar.ts'
import { loginOf } from '../http-login.ts'
import { chooseAddress } from './address.ts'
import { callHttp, type HttpAnswer, type PhaseTimes } from './http-request.ts'
import type { HeaderMatch, HttpModule } from './module.ts'
import type { BlackboxContext, BlackboxProber } from './prober.ts'
import { failedByRegex, type Recorder } from './recorder.ts'
import { matches } from './regex.ts'
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
const asUtf8 = (value: string): string => (/[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString() : value)

const headersMatch = ({ headers }: HttpHead, rule: HeaderMatch): boolean | undefined =>
  headers.get(rule.header.toLowerCase())?.some((value) => matches(rule.regexp, asUtf8(value)))

/** The first rule about body or headers that the answer breaks. */
const brokenRule = (module: HttpModule, { head, text }: HttpAnswer): string | undefined => {
  const [unread] = [...module.failIfBodyMatches, ...module.failIfBodyNotMatches]
  if (text === undefined && unread !== undefined) return unread
  const body =
    module.failIfBodyMatches.find((pattern) => matches(pattern, text ?? '')) ??
    module.failIfBodyNotMatches.find((pattern) => !matches(pattern, text ?? ''))
  if (body !== undefined) return body
  const header =
    module.failIfHeaderMatches.find((rule) => headersMatch(head, rule) ?? !rule.allowMissing) ??
    module.failIfHeaderNotMatches.find((rule) => !(headersMatch(head, rule) ?? rule.allowMissing))
  return header && `${header.header}: ${header.regexp}`
}

const judge = (module: HttpModule, answer: HttpAnswer, recorder: Recorder): boolean => {
  const { status, version } = answer.head
  const statusFits =
    module.validStatusCodes.length > 0 ? module.validStatusCodes.includes(status) : status >= 200 && status < 300
  if (!statusFits) return recorder.fail('Invalid HTTP response status code', { status_code: status })
  if (answer.notPacked)
    return recorder.fail('Failed to get decompressor for HTTP response body', { err: answer.broken! })
  const broken = brokenRule(module, answer)
  failedByRegex(recorder, broken !== undefined)
  if (broken !== undefined)
    return recorder.fail('Body or header did not follow a regular expression', { regexp: broken })
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

const headersFor = (module: HttpModule, url: URL, first: URL, hostname: string | undefined, jar: CookieJar) => {
  const given = Object.fromEntries(Object.entries(module.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const home = url.host === first.host
  const login = loginOf(url) ?? (home ? loginOf(first) : undefined)
  const headers: Record<string, string> = {
    ...(login !== undefined && { authorization: login }),
    ...(home && hostname !== undefined && { host: hostname }),
    ...(home ? given : Object.fromEntries(Object.entries(given).filter(([name]) => !PRIVATE.has(name)))),
  }
  const cookies = [headers.cookie, jar.header(url)].filter((one) => one !== undefined).join('; ')
  return cookies === '' ? headers : { ...headers, cookie: cookies }
}

const isRedirect = ({ status, headers }: HttpHead): boolean => REDIRECTS.has(status) && headers.has('location')

/** The original closes a redirect that it does not follow, and what it is to look for in its body it then does not find. */
const withoutBody = (answer: HttpAnswer, method: string): HttpAnswer => ({
  ...answer,
  text: method === 'HEAD' || announcedBy(answer.head, method) === 0 ? '' : undefined,
  bodyBytes: 0,
  tooLarge: false,
  broken: undefined,
  notPacked: false,
})

const addressOf = (url: URL, module: HttpModule, { tools, signal }: BlackboxContext, recorder: Recorder) =>
  chooseAddress(url.hostname.replace(/^\[|\]$/g, ''), module, tools, signal, recorder)

const follow = async (
  first: URL,
  module: HttpModule,
  context: BlackboxContext,
  recorder: Recorder,
): Promise<boolean> => {
  const jar = createCookieJar(context.tools.now)
  let url = first
  let { method, body } = module as { method: string; body: string | undefined }
  for (let followed = 0; ; followed++) {
    recorder.set(...GAUGES.redirects, followed)
    const chosen = await addressOf(url, module, context, recorder)
    if (!chosen) return false
    recorder.add(...DURATION, chosen.seconds, '{phase="resolve"}')
    // These are there as soon as there is an address to ask.
    for (const phase of PHASES) recorder.add(...DURATION, 0, `{phase="${phase}"}`)
    recorder.info('Making HTTP request', { host: url.host })
    const called = await callHttp({
      url,
      address: chosen.address,
      method,
      body,
      headers: headersFor(module, url, first, context.hostname, jar),
      tls: module.tls,
      hostname: url.host === first.host ? context.hostname : undefined,
      compression: module.compression,
      bodyLimit: module.bodyLimit,
      wantText: wantsText(module),
      signal: context.signal,
    })
    recordTimes(called.times, recorder)
    if ('err' in called) return recorder.fail('Error for HTTP request', { err: called.err })
    const { answer: whole } = called
    const answer = module.followRedirects || !isRedirect(whole.head) ? whole : withoutBody(whole, method)
    const { status, headers } = answer.head
    jar.take(url, headers.get('set-cookie'))
    recorder.info('Received HTTP response', { status_code: status })
    const location = headers.get('location')?.[0]
    const redirects = isRedirect(answer.head)
    if (redirects && !module.followRedirects) recorder.set(...GAUGES.redirects, followed + 1)
    if (location === undefined || !redirects || !module.followRedirects) {
      recordAnswer(answer, method, module, recorder)
      return judge(module, answer, recorder)
    }
    const next = URL.parse(location, url)
    if (!next) return recorder.fail('Redirect leads to no URL')
    recorder.set(...GAUGES.redirects, followed + 1)
    if (!/^https?:$/.test(next.protocol)) return recorder.fail('Redirect leads away from HTTP', { to: next.protocol })
    if (followed >= MOST_REDIRECTS) {
      recordAnswer(answer, method, module, recorder)
      return recorder.fail('Too many redirects', { redirects: followed + 1 })
    }
    if (status < 307 && method !== 'GET' && method !== 'HEAD') {
      method = 'GET'
      body = undefined
    }
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
