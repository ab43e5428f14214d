import v8 from 'node:v8'
import { fitText } from '../format.ts'
import { createFilters, type Filters } from './filters.ts'
import { type Answer, countText, LONGEST_OUTPUT, type Part, problemOf, type Request } from './parts.ts'

// The library's memory may grow to 4 GB, and only a flag of the whole process bounds it: 1024 pages are 64 MB, more
// than any WebAssembly here needs. It must be set before the library is loaded.
v8.setFlagsFromString('--wasm-max-mem-pages=1024')
const { Environment } = await import('minijinja-js')

/** Steps of a template, a hundred times what a long message takes: an endless loop ends here, and the thread lives. */
const STEPS = 2_000_000
const LONGEST_MESSAGE = 300

const createEnvironment = (filters: Filters) => {
  const environment = new Environment()
  environment.undefinedBehavior = 'chainable'
  environment.enablePyCompat()
  environment.fuel = STEPS
  for (const [name, filter] of Object.entries(filters)) environment.addFilter(name, filter)
  // Null facts are left out of the context, and `url is none` must still hold for them.
  environment.addTest('none', (value: unknown) => value === undefined || value === null)
  return environment
}

/** Null facts count as absent: a message says nothing there, rather than `none`. */
const readContext = (json: string): { readonly time_zone?: unknown } =>
  JSON.parse(json, (_, value) => (value === null ? undefined : value))

/** The library's error, `kind: detail (in part:line)` and a picture of the place, as a problem. */
const readError = (part: Part, error: Error) => {
  const [head = ''] = error.message.slice(0, 10_000).split('\n', 1)
  const [, kind, detail, at] = /^(?:([a-z ]+): )?(.*?)(?: \(in [a-z]+:(\d+)\))?$/s.exec(head)!
  const line = at === undefined ? undefined : Number(at)
  const place = `the ${part} template${line === undefined ? '' : `, line ${line}`}`
  if (detail === 'engine ran out of fuel')
    return problemOf('timeout', part, `${place}: this takes too many steps; make its loops shorter`, line)
  const text = kind === 'template not found' ? 'a template cannot include or extend another one' : detail!
  const code = kind === 'syntax error' ? 'syntax' : 'runtime'
  return problemOf(code, part, `${place}: ${fitText(text, LONGEST_MESSAGE)}`, line)
}

/** A subject is one line, whatever the template's lines are. */
const tidy = (part: Part, text: string): string =>
  part === 'subject' ? text.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim() : text

/** The text, or the library's error. Anything else is a trap: the library is broken then, and its thread must end. */
const renderSource = ({ part, source }: Request, facts: object, filters: Filters): string | Error => {
  const environment = createEnvironment(filters)
  let result: string | Error
  try {
    result = environment.renderNamedStr(part, source, facts)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Error') throw error
    result = error
  }
  environment.free()
  return result
}

const render = (request: Request): Answer => {
  const { part } = request
  const facts = readContext(request.context)
  const { filters, finish } = createFilters(part, facts.time_zone)
  const result = renderSource(request, facts, filters)
  if (result instanceof Error) return readError(part, result)
  const text = tidy(part, finish(result))
  const most = LONGEST_OUTPUT[part]
  if (text.length <= most) return { text }
  const message = `the ${part} has ${countText(text.length)} characters; at most ${countText(most)} are allowed`
  return problemOf('too_long', part, message)
}

/** Names that no context can supply: wrong whatever the message is about. */
const isWrongName = (message: string): boolean => / is unknown$|cannot include/.test(message)

/**
 * Compiles, and renders without facts, for what is wrong with any: sizes, endless loops, names of filters, tests and
 * functions that do not exist. Other failures depend on the facts, and say nothing yet.
 */
const check = (request: Request): Answer => {
  const answer = render(request)
  const fine = 'text' in answer || (answer.problem.code === 'runtime' && !isWrongName(answer.problem.message))
  return fine ? { text: '' } : answer
}

/** Renders or checks one part. Throws when the library is broken and its thread must end. */
export const answerRequest = (request: Request): Answer => (request.kind === 'check' ? check(request) : render(request))
