import { Ajv, type ErrorObject } from 'ajv'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import { toldBy } from '#core/said.ts'
import { faultByKeyword, type ValueFault } from '#core/value-fault.ts'
import { lazily } from '#lib/run/lazily.ts'
import { nulPath } from '#lib/text/nul.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'
import { TIME_OF_DAY_PATTERN } from '#lib/time/local-time.ts'
import type { Timers } from '#lib/time/timers.ts'
import { isPassing, StorageError } from '#storage/storage-error.ts'
import { type ApiProblemCode, type Fault, problem } from './problem.ts'
import { unavailable } from './unavailable.ts'
import { leaveUnread } from './unread-bodies.ts'

/** The schemas are ours: they are not checked against that of schemas, and nobody reads what is made of them. */
const OPTIONS = {
  strict: false,
  formats: { duration: true },
  useDefaults: true,
  allErrors: false,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
} as const

/** Bodies are taken as they are; what stands in an address is text and becomes what the schema wants. */
const bodies = lazily(() => new Ajv(OPTIONS))
const addresses = lazily(() => new Ajv({ ...OPTIONS, coerceTypes: true }))

const pathOf = ({ instancePath, keyword, params }: ErrorObject): string => {
  const path = instancePath.slice(1).replaceAll('/', '.')
  const key =
    keyword === 'required'
      ? params.missingProperty
      : keyword === 'additionalProperties'
        ? params.additionalProperty
        : ''
  return [path, key].filter(Boolean).join('.')
}

/** Patterns that have a name. */
const NAMED: Readonly<Record<string, ValueFault>> = {
  [DURATION_PATTERN]: { code: 'not_duration', facts: {} },
  [TIME_OF_DAY_PATTERN]: { code: 'not_time_of_day', facts: {} },
}

const faultOf = ({ keyword, params }: ErrorObject): ValueFault | undefined =>
  (keyword === 'pattern' ? NAMED[params.pattern] : undefined) ?? faultByKeyword(keyword, params)

const words = ({ keyword, params, message }: ErrorObject): string => {
  if (keyword === 'required') return 'is missing'
  if (keyword === 'additionalProperties') return 'is not known'
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`
  if (keyword === 'const') return `must be ${params.allowedValue}`
  if (keyword === 'pattern' && params.pattern === DURATION_PATTERN)
    return 'is not a duration; write 30s, 5m, 1h30m, 2d or 0'
  if (keyword === 'pattern' && params.pattern === TIME_OF_DAY_PATTERN) return 'is not a time of day; write 22:00'
  return message ?? 'is not valid'
}

/** That null would do too helps nobody who wrote something else. */
const isNull = ({ keyword, params }: ErrorObject) => keyword === 'type' && params.type === 'null'

const faultsOf = (errors: readonly ErrorObject[]): Fault[] => {
  // The deepest place is what people meant to write.
  const deepest = errors.reduce((a, b) => (pathOf(b).length > pathOf(a).length || isNull(a) ? b : a))
  const path = pathOf(deepest)
  const choices = errors.filter((one) => one.keyword === 'const' && pathOf(one) === path)
  if (choices.length < 2) return [{ path, message: words(deepest), ...toldBy(faultOf(deepest)) }]
  const allowed = choices.map(({ params }) => params.allowedValue).join(', ')
  return [{ path, message: `must be one of ${allowed}`, fault: { code: 'not_one_of', facts: { allowed } } }]
}

const refused = (faults: readonly Fault[]) => ({ error: Object.assign(new Error('invalid'), { faults }) })

const CODES: Readonly<Record<string, readonly [number, ApiProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too_large', 'The body is larger than 1 MB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported_media_type', 'Send application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'bad_json', 'The body is not valid JSON.'],
}

/** An address that is none never gets as far as a route, nor to the handler of errors below. */
export const refuseAddress =
  (timers: Timers) =>
  ({ statusCode = 400 }: FastifyError, { raw }: FastifyRequest, reply: FastifyReply): void => {
    leaveUnread(raw, reply.raw, timers)
    if (statusCode === 414) problem(reply, 414, 'too_long', 'A part of the address is longer than anything here.')
    else
      problem(reply, 400, 'bad_address', 'The address is not valid: % stands before two hexadecimal digits, in UTF-8.')
  }

const nothingThere = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  // What the older panel's clients know.
  if (request.url.startsWith('/alerts/api/')) return reply.status(404).send({ error: 'Not found' })
  return problem(reply, 404, 'not_found', `There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`)
}

/** A part of what a route takes. */
interface Taken {
  readonly schema: object
  readonly httpPart?: string
}

const checkOf = ({ schema, httpPart }: Taken) => {
  // Compiled by the first request that needs it: all of them together would hold up the start.
  const validator = lazily(() => (httpPart === 'body' ? bodies() : addresses()).compile(schema))
  return (data: unknown) => {
    const validate = validator()
    if (!validate(data)) return refused(faultsOf(validate.errors!))
    const path = nulPath(data)
    return path === undefined
      ? { value: data }
      : refused([{ path, message: 'must not contain NUL', fault: { code: 'nul', facts: {} } }])
  }
}

/**
 * How an application checks what it is sent, and writes what it answers: as it stands. Handed in where it is made, they
 * keep Fastify's own compilers from being loaded.
 */
export const compilers: NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']> = {
  // Its type tells of another call than is made.
  buildValidator: () => checkOf as never,
  buildSerializer: () => () => JSON.stringify,
}

/** Makes every refusal of the API a problem document that names the place; a bug tells nothing but that it happened. */
export const addErrors = (app: FastifyInstance, onBug: (error: unknown) => void): void => {
  app.setValidatorCompiler(checkOf as never)
  app.setErrorHandler((error: FastifyError & { faults?: Fault[] }, { body, actor }, reply) => {
    if (error.faults) {
      const [first] = error.faults
      if (first!.path === '' && body === undefined && error.validationContext === 'body')
        return problem(reply, 400, 'invalid_input', 'The body is empty; send a JSON object.', error.faults)
      return problem(reply, 400, 'invalid_input', `${first!.path || 'the request'} ${first!.message}`, error.faults)
    }
    const known = CODES[error.code]
    if (known) return problem(reply, ...known)
    const status = error.statusCode ?? 500
    if (status === 415) return problem(reply, 415, 'unsupported_encoding', error.message)
    if (status < 500) return problem(reply, status, 'bad_request', error.message)
    if (error instanceof StorageError && error.fault === 'key_missing')
      return problem(reply, 409, 'key_missing', error.message)
    if (isPassing(error)) {
      const said = unavailable(error, Boolean(actor))
      return problem(reply, 503, 'unavailable', said.message, undefined, toldBy(said))
    }
    onBug(error)
    return problem(reply, 500, 'internal_error', 'Something went wrong here; the log of the server says what.')
  })
  app.setNotFoundHandler(nothingThere)
  // Nobody reads a body for nothing.
  app.addHook('preParsing', (request, reply, _payload, done) => {
    if (request.is404) nothingThere(request, reply)
    else done()
  })
}
