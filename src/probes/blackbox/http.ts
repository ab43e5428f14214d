import type { IncomingMessage } from 'node:http'
import { decodePercent } from '#lib/text/percent.ts'
import { chooseAddress } from './address.ts'
import { callHttp, type HttpAnswer, type PhaseTimes } from './http-request.ts'
import type { HeaderMatch, HttpModule } from './module.ts'
import type { BlackboxContext, BlackboxProber } from './prober.ts'
import { failedByRegex, type Recorder } from './recorder.ts'
import { matches } from './regex.ts'
import { recordTls } from './tls.ts'

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

const headersMatch = (response: IncomingMessage, rule: HeaderMatch): boolean | undefined => {
  const values = response.headersDistinct[rule.header.toLowerCase()]
  return values?.some((value) => matches(rule.regexp, value))
}

/** The first rule about body or headers that the answer breaks. */
const brokenRule = (module: HttpModule, { response, text }: HttpAnswer): string | undefined => {
  const body =
    module.failIfBodyMatches.find((pattern) => matches(pattern, text)) ??
    module.failIfBodyNotMatches.find((pattern) => !matches(pattern, text))
  if (body !== undefined) return body
  const header =
    module.failIfHeaderMatches.find((rule) => headersMatch(response, rule) ?? !rule.allowMissing) ??
    module.failIfHeaderNotMatches.find((rule) => !(headersMatch(response, rule) ?? rule.allowMissing))
  return header && `${header.header}: ${header.regexp}`
}

const judge = (module: HttpModule, answer: HttpAnswer, recorder: Recorder): boolean => {
  const { statusCode = 0, httpVersion } = answer.response
  const statusFits =
    module.validStatusCodes.length > 0
      ? module.validStatusCodes.includes(statusCode)
      : statusCode >= 200 && statusCode < 300
  if (!statusFits) return recorder.fail('Invalid HTTP response status code', { status_code: statusCode })
  const broken = brokenRule(module, answer)
  failedByRegex(recorder, broken !== undefined)
  if (broken !== undefined)
    return recorder.fail('Body or header did not follow a regular expression', { regexp: broken })
  if (answer.broken !== undefined) return recorder.fail('Failed to read HTTP response body', { err: answer.broken })
  if (answer.tooLarge) return recorder.fail('The body is larger than the limit', { limit: module.bodyLimit })
  if (module.validVersions.length > 0 && !module.validVersions.includes(`HTTP/${httpVersion}`))
    return recorder.fail('Invalid HTTP version number', { version: `HTTP/${httpVersion}` })
  if (answer.tls && module.failIfSsl) return recorder.fail('Final request was over SSL')
  if (!answer.tls && module.failIfNotSsl) return recorder.fail('Final request was not over SSL')
  return true
}

const recordAnswer = (answer: HttpAnswer, module: HttpModule, recorder: Recorder): void => {
  const { response, bodyBytes, tls } = answer
  recorder.set(...GAUGES.status, response.statusCode ?? 0)
  const announced = BODILESS.has(response.statusCode ?? 0) ? 0 : (response.headers['content-length'] ?? -1)
  recorder.set(...GAUGES.length, Number(announced))
  recorder.set(...GAUGES.bodyLength, bodyBytes)
  recorder.set(...GAUGES.version, Number(response.httpVersion))
  recorder.set(...GAUGES.ssl, tls ? 1 : 0)
  const modified = Date.parse(response.headers['last-modified'] ?? '')
  if (!Number.isNaN(modified))
    recorder.set(
      'probe_http_last_modified_timestamp_seconds',
      'When the answer says that it was last modified.',
      modified / 1000,
    )
  if (tls) recordTls(tls, module.tls, recorder)
}

const recordTimes = (times: PhaseTimes, recorder: Recorder): void => {
  for (const phase of PHASES) recorder.add(...DURATION, times[phase], `{phase="${phase}"}`)
}

const wantsText = (module: HttpModule): boolean =>
  module.failIfBodyMatches.length > 0 || module.failIfBodyNotMatches.length > 0

/** Credentials of the URL, unless the module brings its own. */
const authorizationOf = (url: URL): Record<string, string> => {
  if (url.username === '' && url.password === '') return {}
  const pair = `${decodePercent(url.username)}:${decodePercent(url.password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** Headers that are meant for one host only. */
const PRIVATE = new Set(['authorization', 'cookie', 'host'])

const headersFor = (module: HttpModule, url: URL, first: URL, hostname: string | undefined): Record<string, string> => {
  const given = Object.fromEntries(Object.entries(module.headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (url.host === first.host)
    return { ...authorizationOf(first), ...(hostname !== undefined && { host: hostname }), ...given }
  return Object.fromEntries(Object.entries(given).filter(([name]) => !PRIVATE.has(name)))
}

const addressOf = (url: URL, module: HttpModule, { tools, signal }: BlackboxContext, recorder: Recorder) =>
  chooseAddress(url.hostname.replace(/^\[|\]$/g, ''), module, tools, signal, recorder)

const follow = async (
  first: URL,
  module: HttpModule,
  context: BlackboxContext,
  recorder: Recorder,
): Promise<boolean> => {
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
      headers: headersFor(module, url, first, context.hostname),
      tls: module.tls,
      hostname: url.host === first.host ? context.hostname : undefined,
      compression: module.compression,
      bodyLimit: module.bodyLimit,
      wantText: wantsText(module),
      signal: context.signal,
    })
    recordTimes(called.times, recorder)
    if ('err' in called) return recorder.fail('Error for HTTP request', { err: called.err })
    const { answer } = called
    const status = answer.response.statusCode ?? 0
    recorder.info('Received HTTP response', { status_code: status })
    const location = answer.response.headers.location
    const redirects = REDIRECTS.has(status) && location !== undefined
    if (redirects && !module.followRedirects) recorder.set(...GAUGES.redirects, followed + 1)
    if (!redirects || !module.followRedirects) {
      recordAnswer(answer, module, recorder)
      return judge(module, answer, recorder)
    }
    const next = URL.parse(location, url)
    if (!next) return recorder.fail('Redirect leads to no URL')
    recorder.set(...GAUGES.redirects, followed + 1)
    if (!/^https?:$/.test(next.protocol)) return recorder.fail('Redirect leads away from HTTP', { to: next.protocol })
    if (followed >= MOST_REDIRECTS) {
      recordAnswer(answer, module, recorder)
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
