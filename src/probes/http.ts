import { because } from '#core/cause/cause.ts'
import { defineProbe, type ProbeContext } from '#core/probe.ts'
import type { ProbeError, ProbeOutcome } from '#core/result/result.ts'
import { says } from '#core/said.ts'
import type { JsonObject } from '#lib/json.ts'
import { createDeadline } from '#lib/time/deadline.ts'
import { type CertificateFacts, certificateMetrics, endsSoon } from './certificate.ts'
import { addressFacts } from './connect.ts'
import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { familyOf, hostOf } from './fields.ts'
import { type Answer, type Exchanged, exchange } from './http-exchange.ts'
import { bodyProblem, expectationProblem, jsonProblem, needsBody, statusMatches } from './http-expectations.ts'
import { oddityCause, oddityError } from './http-fault.ts'
import { loginOf } from './http-login.ts'
import { BODY_LIMIT, DEFAULT_REDIRECTS, type HttpOptions, httpOptions } from './http-options.ts'
import { isLocationTrusted, trustFor } from './location-trusted.ts'
import { redirectPlace } from './redirect-place.ts'
import { createTracer, type Tracer } from './tracer.ts'
import { hostWithZone, webAddress } from './web-address.ts'

const DEFAULT_STATUS = ['2xx'] as const

/** The URL without what may be secret: user, password and the query's values. */
const publicUrl = (text: string): string => {
  const address = webAddress(text)
  if (!address) return 'an address that is no URL'
  const { url, zone } = address
  const host = zone === undefined ? url.host : url.host.replace(']', `%${zone}]`)
  const query = url.search === '' ? '' : '?…'
  return `${url.protocol}//${host}${url.pathname === '/' ? '' : url.pathname}${query}`
}

const trace = (tracer: Tracer, url: URL, exchanged: Exchanged) => {
  const { phases } = exchanged
  for (const [name, ms] of Object.entries(phases)) tracer.step(name as keyof typeof phases, ms)
  if (!exchanged.ok) tracer.step('request', 0, { url: publicUrl(url.href), error: exchanged.problem.cause })
  else {
    const { status, oddities } = exchanged.value.head
    const [odd] = oddities
    tracer.step('answer', 0, { url: publicUrl(url.href), status, ...(odd && { odd: oddityCause(odd) }) })
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])

const bodyVerdict = (body: Answer['body'], wanted: HttpOptions, target: string): ProbeError | undefined => {
  if (!needsBody(wanted)) return undefined
  if ('code' in body) return body
  const problem = bodyProblem(body, wanted)
  if (problem !== 'too long') return problem
  const bytes = wanted.body_limit ?? BODY_LIMIT
  return { code: 'body_too_large', cause: because('body_too_large', { target, bytes }) }
}

const verdict = ({ head, body, certificate }: Answer, wanted: HttpOptions, url: URL): ProbeError | undefined => {
  const expected = wanted.status === undefined ? DEFAULT_STATUS : [wanted.status].flat()
  const { status, oddities } = head
  if (!statusMatches(status, expected))
    return {
      code: 'status_mismatch',
      cause: because('status_mismatch', { target: url.host, status, expected: expected.join(', ') }),
    }
  const [odd] = oddities
  if (odd && wanted.strict) return oddityError(odd, url.host)
  const problem = bodyVerdict(body, wanted, url.host)
  if (problem) return problem
  const days = certificate?.days
  if (wanted.days !== undefined && days !== undefined && days < wanted.days) return endsSoon(url.hostname, certificate!)
  return undefined
}

const datesOf = ({ days, valid_to }: CertificateFacts) => ({ certificate_days: days, certificate_valid_to: valid_to })

const factsOf = ({ head, address, certificate }: Answer): JsonObject => ({
  status: head.status,
  address,
  ...(certificate && datesOf(certificate)),
})

/** Whether a place may have what is meant for the monitor's own: it is that, or somebody trusts it. */
const isHome = ({ location_trusted: trusted = [] }: HttpOptions, url: URL, first: URL): boolean =>
  url.origin === first.origin || isLocationTrusted(url, first, trusted)

/** The headers of a monitor; the name of its host stays with that. */
const ownHeaders = ({ headers = {} }: HttpOptions, url: URL, first: URL): Readonly<Record<string, string>> =>
  url.origin === first.origin
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host'))

const hasLogin = ({ headers = {} }: HttpOptions, first: URL): boolean =>
  loginOf(first) !== undefined || Object.keys(headers).some((name) => /auth|cookie|token|key/i.test(name))

/** Says of a failure that the login did not come along, where that may be why. */
const withheldFrom = (problem: ProbeError, wanted: HttpOptions, url: URL, first: URL): ProbeError => {
  if (isHome(wanted, url, first) || loginOf(url) !== undefined || !hasLogin(wanted, first)) return problem
  const facts = { what: problem.cause, host: url.origin, home: first.origin, trust: trustFor(url, first) }
  return { ...problem, cause: because('login_not_sent', facts) }
}

/** Headers of one request; those of the monitor, the URL's login and its body stay with those that they are meant for. */
const headersFor = (wanted: HttpOptions, url: URL, first: URL, jar: CookieJar | undefined): Record<string, string> => {
  const home = isHome(wanted, url, first)
  const login = loginOf(url) ?? (home ? loginOf(first) : undefined)
  const cookies = jar?.header(url)
  const headers = {
    'user-agent': 'Vigia',
    accept: '*/*',
    connection: 'close',
    ...(login !== undefined && { authorization: login }),
    ...(home && ownHeaders(wanted, url, first)),
  }
  return cookies === undefined ? headers : withCookies(headers, cookies)
}

const withCookies = (headers: Record<string, string>, cookies: string): Record<string, string> => {
  const own = Object.keys(headers).find((name) => name.toLowerCase() === 'cookie')
  return own === undefined ? { ...headers, cookie: cookies } : { ...headers, [own]: `${headers[own]}; ${cookies}` }
}

/** The next address that an answer leads to. */
const nextOf = (location: string, url: URL): URL | undefined => {
  const next = redirectPlace(location, url)
  return next && /^https?:$/.test(next.protocol) ? next : undefined
}

/** Follows redirects until an answer that is none, as a browser would; credentials, headers and body stay with their host. */
const follow = async (
  wanted: HttpOptions,
  { tools, trace: traced }: ProbeContext,
  signal: AbortSignal,
  tracer: Tracer,
): Promise<ProbeOutcome> => {
  const started = performance.now()
  const most = wanted.redirects ?? DEFAULT_REDIRECTS
  const { url: first, zone } = webAddress(wanted.url)!
  let url = first
  let method: string = wanted.method ?? 'GET'
  let body = wanted.body
  let jar: CookieJar | undefined
  /** Time in which our own queue, or a resolver that is silent, kept the look: none of the host's. */
  let waitedMs = 0
  for (let redirects = 0; ; redirects++) {
    const exchanged = await exchange({
      url,
      method,
      body: isHome(wanted, url, first) ? body : undefined,
      headers: headersFor(wanted, url, first, jar),
      ...(zone !== undefined && url.hostname === first.hostname && { zone }),
      family: familyOf(wanted.family),
      verify: wanted.verify ?? true,
      bodyLimit: needsBody(wanted) && method !== 'HEAD' ? (wanted.body_limit ?? BODY_LIMIT) : 0,
      signal,
      tools,
    })
    if (traced) trace(tracer, url, exchanged)
    if (!exchanged.ok) {
      const { problem: error, certificate } = exchanged
      return {
        ok: false,
        error,
        ...(certificate && { ...certificateMetrics(certificate), facts: datesOf(certificate) }),
      }
    }
    waitedMs += exchanged.named?.waitedMs ?? 0
    const answer = exchanged.value
    const { status, headers } = answer.head
    const location = headers.get('location')?.[0]
    if (most > 0 && REDIRECTS.has(status) && location) {
      if (redirects >= most)
        return {
          ok: false,
          error: { code: 'too_many_redirects', cause: because('too_many_redirects', { target: first.host, most }) },
        }
      const next = nextOf(location, url)
      if (!next)
        return {
          ok: false,
          error: { code: 'protocol_error', cause: because('redirects_nowhere', { target: url.host }) },
        }
      jar ??= createCookieJar(tools.now)
      jar.take(url, headers.get('set-cookie'))
      if (status === 303 || (status < 303 && method === 'POST')) {
        method = method === 'HEAD' ? 'HEAD' : 'GET'
        body = undefined
      }
      url = next
      continue
    }
    const found = verdict(answer, wanted, url)
    const problem = found && withheldFrom(found, wanted, url, first)
    if (problem) tracer.step('check', 0, { error: problem.cause })
    const latencyMs = performance.now() - started - waitedMs
    const facts = { ...factsOf(answer), ...addressFacts(exchanged.named ?? {}) }
    const metrics = certificateMetrics(answer.certificate)
    return { ok: !problem, latencyMs, ...(problem && { error: problem }), ...metrics, facts }
  }
}

export const http = defineProbe({
  name: 'http',
  title: 'HTTP request',
  'x-es': { title: 'Petición HTTP' },
  defaultTimeoutMs: 10_000,
  options: httpOptions,
  describe: ({ url }) => publicUrl(url),
  fromTarget: (url) => (/^https?:$/.test(url.protocol) && hostOf(url) !== '' ? { url: url.href } : undefined),
  check: ({ url, contains, not_contains, json }) => {
    if (!webAddress(url))
      return says(
        'url: not a web address; write https://example.com/path',
        'url: no es una dirección web; escriba https://example.com/path',
      )
    const problem = [contains, not_contains].map((text) => text && expectationProblem(text)).find((one) => one)
    return problem || (json && jsonProblem(json))
  },
  hosts: ({ url }) => [hostWithZone(webAddress(url)!)],
  run: async (wanted, context) => {
    const tracer = createTracer(context.trace)
    const deadline = createDeadline(context.timeoutMs, context.signal)
    try {
      return { ...(await follow(wanted, context, deadline.signal, tracer)), ...tracer.steps() }
    } finally {
      deadline.clear()
    }
  },
  // Its phases are timed on this thread: more at once would time one another.
  together: 8,
})
