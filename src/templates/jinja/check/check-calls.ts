import { nearest } from '#lib/text/nearest.ts'
import { METHODS } from '../library/access.ts'
import { filters } from '../library/filters/index.ts'
import { functions } from '../library/functions.ts'
import { misuse } from '../library/native.ts'
import { textMethods } from '../library/text-methods.ts'
import { LOOP_ATTRIBUTES } from '../run/loop.ts'
import type { Arguments, ExpressionOf } from '../syntax/expression.ts'
import { runtimeError, type TemplateError } from '../syntax/template-error.ts'
import { faultOf } from '../syntax/template-faults.ts'
import { isText } from '../values/value.ts'
import type { Definitions, Macro } from './definitions.ts'
import type { Place } from './place.ts'

// Calls that fail whatever the facts are: facts are data, and none of them can be called.

/** Whether the arguments fit, as far as they are written out. */
export const checkArguments = (name: string, params: string | undefined, given: Arguments): void => {
  if (params === undefined || given.spread || given.spreadNamed) return
  const names = given.named.map((one) => one.name)
  const wrong = misuse(name, params, given.args.length, names)
  if (wrong) throw wrong
}

const macroParams = ({ params }: Macro): string => params.map(({ name }) => `${name}?`).join(' ')

const checkMacro = (macro: Macro, given: Arguments): void => {
  const { name, uses, params } = macro
  if (given.spread || given.spreadNamed) return
  const most = uses.has('varargs') ? Math.min(given.args.length, params.length) : given.args.length
  const names = given.named
    .map((one) => one.name)
    .filter((one) => !uses.has('kwargs') || params.some((param) => param.name === one))
  const wrong = misuse(
    name,
    macroParams(macro),
    most,
    names.filter((one) => one !== 'caller'),
  )
  if (wrong) throw wrong
}

const noFunction = (name: string, { macros }: Definitions): TemplateError => {
  if (macros.has(name)) return runtimeError('called_before_defined', { macro: name })
  if (name === 'super') return runtimeError('super_without_parent')
  if (filters.has(name)) return runtimeError('filter_called', { name })
  const meant = nearest(name, [...functions.keys()])
  return runtimeError('function_unknown', {
    name,
    instead: meant === undefined ? faultOf('fields_are_not_called') : faultOf('write_instead', { meant }),
  })
}

/** What macros and loops bring by themselves. */
const BROUGHT: ReadonlySet<string> = new Set(['caller', 'loop'])

const checkNameCall = (name: string, given: Arguments, definitions: Definitions, place: Place): void => {
  const seen = place.late ? definitions.names : place.defined
  if (seen.has(name)) {
    const macro = definitions.macros.get(name)
    if (macro) checkMacro(macro, given)
    return
  }
  const native = functions.get(name)
  if (native) {
    checkArguments(name, native.params, given)
    return
  }
  if (BROUGHT.has(name) && (name === 'caller' ? place.late : place.inLoop)) return
  throw noFunction(name, definitions)
}

const OTHER_METHODS = ['cycle', 'changed', 'next', 'reset']

const checkMethodCall = ({ of, name }: ExpressionOf<'attribute'>, given: Arguments, definitions: Definitions): void => {
  const { blocks, attributes } = definitions
  const known = [METHODS, blocks, attributes, new Set(OTHER_METHODS)].some((names) => names.has(name))
  if (!known) {
    const meant = nearest(name, [...METHODS])
    throw runtimeError('method_unknown', {
      name,
      instead: meant === undefined ? faultOf('leave_call_out', { name }) : faultOf('write_instead', { meant }),
    })
  }
  const constant = of.kind === 'constant' && of.value !== null && isText(of.value)
  if (constant && Object.hasOwn(textMethods, name)) checkArguments(name, textMethods[name]!.params, given)
}

/** Things in parentheses that are no functions. */
const DATA: ReadonlySet<string> = new Set(['constant', 'list', 'tuple', 'dict', 'concat', 'compare', 'not', 'test'])

export const checkCall = ({ of, ...given }: ExpressionOf<'call'>, definitions: Definitions, place: Place): void => {
  if (of.kind === 'name') checkNameCall(of.name, given, definitions, place)
  else if (of.kind === 'attribute') checkMethodCall(of, given, definitions)
  else if (DATA.has(of.kind)) throw runtimeError('data_called')
}

/** `loop.index` and its like stand within a loop. */
export const checkLoop = ({ of, name }: ExpressionOf<'attribute'>, place: Place): void => {
  if (of.kind !== 'name' || of.name !== 'loop' || place.inLoop || place.late || place.defined.has('loop')) return
  if (LOOP_ATTRIBUTES.has(name)) throw runtimeError('outside_of_loop', { name })
}
