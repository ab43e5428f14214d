import { because } from '#core/cause/cause.ts'
import { defineProbe, type ProbeContext } from '#core/probe.ts'
import type { ProbeError, ProbeOutcome } from '#core/result/result.ts'
import { says } from '#core/said.ts'
import type { JsonObject } from '#lib/json.ts'
import { type Static, Type } from '#lib/schema.ts'
import { createDeadline } from '#lib/time/deadline.ts'
import { certificateMetrics, endsSoon } from './certificate.ts'
import { addressFacts } from './connect.ts'
import { familyField, familyOf, hostOf } from './fields.ts'
import { type Answer, type Exchanged, exchange } from './http-exchange.ts'
import { bodyProblem, expectationProblem, needsBody, statusMatches } from './http-expectations.ts'
import { createTracer, type Tracer } from './tracer.ts'

const BODY_LIMIT = 1024 * 1024
const DEFAULT_REDIRECTS = 10
const DEFAULT_STATUS = ['2xx'] as const

const statusField = Type.Union([
  Type.Integer({ minimum: 100, maximum: 599 }),
  Type.String({ pattern: '^([1-5]xx|[1-5]\\d\\d(-[1-5]\\d\\d)?)$' }),
])

const options = Type.Object(
  {
    url: Type.String({
      title: 'URL',
      description: 'http:// or https:// address; a user and password in it become Basic authentication',
      'x-es': {
        title: 'URL',
        description: 'Dirección http:// o https://; un usuario y contraseña en ella se usan como autenticación Basic',
      },
      pattern: '^[hH][tT][tT][pP][sS]?://',
      'x-login': true,
      maxLength: 8192,
    }),
    method: Type.Optional(
      Type.Union(
        ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => Type.Literal(method)),
        {
          title: 'Method',
          description: 'HTTP method',
          'x-es': { title: 'Método', description: 'Método HTTP' },
          default: 'GET',
        },
      ),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }),
        Type.String({ 'x-secret': true, pattern: '^[^\\r\\n]*$' }),
        {
          title: 'Headers',
          description: 'Request headers by name',
          'x-es': { title: 'Encabezados', description: 'Encabezados de la petición, por nombre' },
        },
      ),
    ),
    body: Type.Optional(
      Type.String({
        title: 'Body',
        description: 'Request body',
        'x-es': { title: 'Cuerpo', description: 'Cuerpo de la petición' },
        'x-secret': true,
      }),
    ),
    status: Type.Optional(
      Type.Union([statusField, Type.Array(statusField, { minItems: 1 })], {
        title: 'Status',
        description: 'Expected status: 200, "2xx", "200-299", or a list of these; default 2xx',
        'x-es': {
          title: 'Estado',
          description: 'Estado esperado: 200, "2xx", "200-299", o una lista de ellos; 2xx si no se indica',
        },
      }),
    ),
    contains: Type.Optional(
      Type.String({
        title: 'Contains',
        description: 'Text that the answer must contain, or /regular expression/flags',
        'x-es': {
          title: 'Contiene',
          description: 'Texto que la respuesta debe contener, o /expresión regular/indicadores',
        },
        minLength: 1,
      }),
    ),
    not_contains: Type.Optional(
      Type.String({
        title: 'Does not contain',
        description: 'Text that the answer must not contain, or /regular expression/flags',
        'x-es': {
          title: 'No contiene',
          description: 'Texto que la respuesta no debe contener, o /expresión regular/indicadores',
        },
        minLength: 1,
      }),
    ),
    json: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        title: 'JSON',
        description: 'Values by path: { "$.status": "ok", "data[0].load": "< 5" }',
        'x-es': { title: 'JSON', description: 'Valores por ruta: { "$.status": "ok", "data[0].load": "< 5" }' },
      }),
    ),
    redirects: Type.Optional(
      Type.Integer({
        title: 'Redirects',
        description: 'Redirects that are followed at most; 0 takes the first answer',
        'x-es': {
          title: 'Redirecciones',
          description: 'Redirecciones que se siguen como máximo; 0 toma la primera respuesta',
        },
        minimum: 0,
        maximum: 20,
        default: DEFAULT_REDIRECTS,
      }),
    ),
    verify: Type.Optional(
      Type.Boolean({
        title: 'Verify TLS',
        description: 'Fail when the certificate does not verify',
        'x-es': { title: 'Verificar TLS', description: 'Fallar si el certificado no se puede verificar' },
        default: true,
      }),
    ),
    days: Type.Optional(
      Type.Integer({
        title: 'Days',
        description: 'Fail when the certificate ends in fewer days than this',
        'x-es': { title: 'Días', description: 'Fallar si el certificado vence en menos días que estos' },
        minimum: 0,
        maximum: 3650,
      }),
    ),
    family: Type.Optional(familyField),
  },
  { additionalProperties: false },
)
type HttpOptions = Static<typeof options>

/** The URL without what may be secret: user, password and the query's values. */
const publicUrl = (text: string): string => {
  try {
    const url = new URL(text)
    const query = url.search === '' ? '' : '?…'
    return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}${query}`
  } catch {
    return 'an address that is no URL'
  }
}

const trace = (tracer: Tracer, url: URL, exchanged: Exchanged) => {
  const { phases } = exchanged
  for (const [name, ms] of Object.entries(phases)) tracer.step(name, ms)
  if ('error' in exchanged) tracer.step('request', 0, { url: publicUrl(url.href), error: exchanged.error.cause })
  else tracer.step('answer', 0, { url: publicUrl(url.href), status: exchanged.answer.status })
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])

const verdict = (answer: Answer, wanted: HttpOptions, url: URL): ProbeError | undefined => {
  const expected = wanted.status === undefined ? DEFAULT_STATUS : [wanted.status].flat()
  if (!statusMatches(answer.status, expected))
    return {
      code: 'status_mismatch',
      cause: because('status_mismatch', {
        target: url.host,
        status: answer.status,
        expected: expected.join(', '),
      }),
    }
  if (needsBody(wanted) && answer.truncated)
    return { code: 'body_too_large', cause: because('body_too_large', { target: url.host, bytes: BODY_LIMIT }) }
  const problem = bodyProblem(answer.body, wanted)
  if (problem) return problem
  const days = answer.certificate?.days
  if (wanted.days !== undefined && days !== undefined && days < wanted.days)
    return endsSoon(url.hostname, answer.certificate!)
  return undefined
}

const factsOf = ({ status, address, certificate }: Answer): JsonObject => ({
  status,
  ...(address !== undefined && { address }),
  ...(certificate && { certificate_days: certificate.days, certificate_valid_to: certificate.valid_to }),
})

/** Follows redirects until an answer that is none, as a browser would; credentials, headers and body stay with their host. */
const follow = async (
  wanted: HttpOptions,
  { tools, trace: traced }: ProbeContext,
  signal: AbortSignal,
  tracer: Tracer,
): Promise<ProbeOutcome> => {
  const started = performance.now()
  const most = wanted.redirects ?? DEFAULT_REDIRECTS
  const first = new URL(wanted.url)
  let url = first
  let method: string = wanted.method ?? 'GET'
  let body = wanted.body
  /** Time in which our own queue, or a resolver that is silent, kept the look: none of the host's. */
  let waitedMs = 0
  for (let redirects = 0; ; redirects++) {
    const exchanged = await exchange({
      url,
      method,
      // Each of them may be a secret.
      ...(url.origin === first.origin ? { body, headers: wanted.headers ?? {} } : { body: undefined, headers: {} }),
      family: familyOf(wanted.family),
      verify: wanted.verify ?? true,
      bodyLimit: needsBody(wanted) && method !== 'HEAD' ? BODY_LIMIT : 0,
      signal,
      tools,
    })
    if (traced) trace(tracer, url, exchanged)
    if ('error' in exchanged) return { ok: false, error: exchanged.error }
    waitedMs += exchanged.named?.waitedMs ?? 0
    const { answer } = exchanged
    if (most > 0 && REDIRECTS.has(answer.status) && answer.location !== undefined) {
      if (redirects >= most)
        return {
          ok: false,
          error: { code: 'too_many_redirects', cause: because('too_many_redirects', { target: first.host, most }) },
        }
      const next = URL.parse(answer.location, url)
      if (!next || !/^https?:$/.test(next.protocol))
        return {
          ok: false,
          error: { code: 'protocol_error', cause: because('redirects_nowhere', { target: url.host }) },
        }
      if (answer.status === 303 || (answer.status < 303 && method === 'POST')) {
        method = method === 'HEAD' ? 'HEAD' : 'GET'
        body = undefined
      }
      url = next
      continue
    }
    const problem = verdict(answer, wanted, url)
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
  options,
  describe: ({ url }) => publicUrl(url),
  fromTarget: (url) => (/^https?:$/.test(url.protocol) && hostOf(url) !== '' ? { url: url.href } : undefined),
  check: ({ url, contains, not_contains }) => {
    if (!URL.canParse(url))
      return says(
        'url: not a web address; write https://example.com/path',
        'url: no es una dirección web; escriba https://example.com/path',
      )
    return (
      [contains, not_contains].map((text) => text && expectationProblem(text)).find((problem) => problem) || undefined
    )
  },
  hosts: ({ url }) => [hostOf(new URL(url))],
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
