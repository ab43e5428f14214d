import { nearest } from '#lib/text/nearest.ts'
import { METHODS } from '../library/access.ts'
import { filters } from '../library/filters/index.ts'
import { functions } from '../library/functions.ts'
import { misuse } from '../library/native.ts'
import { textMethods } from '../library/text-methods.ts'
import { LOOP_ATTRIBUTES } from '../run/loop.ts'
import type { Arguments, ExpressionOf } from '../syntax/expression.ts'
import { runtimeError, type TemplateError } from '../syntax/template-error.ts'
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
  if (macros.has(name))
    return runtimeError(
      `the macro ${name} is called before it is defined; move its definition up`,
      `el macro ${name} se llama antes de definirse; mueva su definición más arriba`,
    )
  if (name === 'super')
    return runtimeError(
      'super() needs a template that this one extends, which there is not; take it out',
      'super() necesita una plantilla que esta extienda, y no la hay; quítelo',
    )
  if (filters.has(name))
    return runtimeError(`${name} is a filter; write value|${name}`, `${name} es un filtro; escriba valor|${name}`)
  const meant = nearest(name, [...functions.keys()])
  return runtimeError(
    `there is no function ${name}; ${meant === undefined ? 'fields of an event cannot be called: leave () out' : `write ${meant}`}`,
    `no hay una función ${name}; ${meant === undefined ? 'los campos de un evento no se pueden llamar: quite ()' : `escriba ${meant}`}`,
  )
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
    throw runtimeError(
      `no value has a method ${name}; ${meant === undefined ? `leave () out for a field named ${name}` : `write ${meant}`}`,
      `ningún valor tiene un método ${name}; ${meant === undefined ? `quite () si es un campo llamado ${name}` : `escriba ${meant}`}`,
    )
  }
  const constant = of.kind === 'constant' && of.value !== null && isText(of.value)
  if (constant && Object.hasOwn(textMethods, name)) checkArguments(name, textMethods[name]!.params, given)
}

/** Things in parentheses that are no functions. */
const DATA: ReadonlySet<string> = new Set(['constant', 'list', 'tuple', 'dict', 'concat', 'compare', 'not', 'test'])

export const checkCall = ({ of, ...given }: ExpressionOf<'call'>, definitions: Definitions, place: Place): void => {
  if (of.kind === 'name') checkNameCall(of.name, given, definitions, place)
  else if (of.kind === 'attribute') checkMethodCall(of, given, definitions)
  else if (DATA.has(of.kind))
    throw runtimeError('this is no function; take the parentheses out', 'esto no es una función; quite los paréntesis')
}

/** `loop.index` and its like stand within a loop. */
export const checkLoop = ({ of, name }: ExpressionOf<'attribute'>, place: Place): void => {
  if (of.kind !== 'name' || of.name !== 'loop' || place.inLoop || place.late || place.defined.has('loop')) return
  if (LOOP_ATTRIBUTES.has(name))
    throw runtimeError(
      `loop.${name} stands outside of a loop; loop is there only within {% for %}, and not in its condition`,
      `loop.${name} está fuera de un ciclo; loop existe solo dentro de {% for %}, y no en su condición`,
    )
}
