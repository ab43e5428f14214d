import { runtimeError, type TemplateError } from '../syntax/template-error.ts'
import type { Given, Value } from '../values/value.ts'

/** An argument as it arrives: undefined when it was not given. */
export type Argument = Value | undefined

/** What functions may ask of the rendering that calls them. */
export interface Rendering {
  /** Whether what is printed is escaped for HTML. */
  autoescape: boolean
  readonly html: boolean
  readonly timeZone: unknown
  readonly filter: (name: string, value: Value, given: Given) => Value
  readonly test: (name: string, value: Value, given: Given) => boolean
  /** Counts work: about a step for each item or each hundred characters. */
  readonly spend: (steps: number) => void
}

/** A filter, a test, a method or a function. */
export interface Native<Self = Value> {
  /**
   * Names of its parameters in order, after the value that it is used on: `?` ends one that may be left out. A list that
   * begins with `/` takes no names in calls. Undefined: it takes whatever comes, and judges that itself.
   */
  readonly params?: string
  readonly run: (self: Self, args: readonly Argument[], rendering: Rendering, given: Given) => Value
}

interface Parameter {
  readonly name: string
  readonly optional: boolean
}
interface Parameters {
  readonly byName: boolean
  readonly all: readonly Parameter[]
}

const read = new Map<string, Parameters>()
const parametersOf = (params: string): Parameters => {
  const known = read.get(params)
  if (known) return known
  const byName = !params.startsWith('/')
  const names = params.replace(/^\//, '').trim().split(/\s+/).filter(Boolean)
  const all = names.map((name) => ({ name: name.replace('?', ''), optional: name.endsWith('?') }))
  const parameters = { byName, all }
  read.set(params, parameters)
  return parameters
}

/** What is wrong with a call of so many values and these names; undefined when nothing is. */
export const misuse = (
  what: string,
  params: string,
  count: number,
  names: readonly string[],
): TemplateError | undefined => {
  const { byName, all } = parametersOf(params)
  const list = all.map(({ name }) => name).join(', ')
  if (count > all.length)
    return all.length === 0
      ? runtimeError('takes_nothing', { called: what, count })
      : runtimeError('takes_at_most', { called: what, most: all.length, names: list, count })
  const strange = names.find((name) => !byName || !all.some((one) => one.name === name))
  if (strange !== undefined)
    return byName && list
      ? runtimeError('argument_unknown_of', { called: what, argument: strange, names: list })
      : runtimeError('argument_without_name', { called: what, argument: strange })
  const twice = all.slice(0, count).find(({ name }) => names.includes(name))
  if (twice) return runtimeError('argument_twice', { called: what, argument: twice.name })
  const lacking = all.slice(count).find(({ name, optional }) => !optional && !names.includes(name))
  return lacking && runtimeError('argument_missing', { called: what, argument: lacking.name })
}

/** The arguments in the order of the parameters. Throws a TemplateError when they do not fit. */
const bind = (what: string, params: string, { args, named }: Given): readonly Argument[] => {
  const { all } = parametersOf(params)
  if (named.size === 0 && args.length === all.length) return args
  const wrong = misuse(what, params, args.length, [...named.keys()])
  if (wrong) throw wrong
  return all.map(({ name }, index) => (index < args.length ? args[index] : named.get(name)))
}

/** Calls what is in the library. */
export const callNative = <Self>(
  what: string,
  native: Native<Self>,
  self: Self,
  given: Given,
  rendering: Rendering,
): Value =>
  native.run(self, native.params === undefined ? given.args : bind(what, native.params, given), rendering, given)
