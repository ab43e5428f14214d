import { compareValues, isEqual } from '../values/compare.ts'
import { countOf, tryIterate } from '../values/iterate.ts'
import { calculate, isFloat, isInt, isNumber, unsupported } from '../values/number.ts'
import { toText } from '../values/text.ts'
import {
  Callable,
  Dict,
  DictView,
  hashForm,
  isText,
  Live,
  Markup,
  plain,
  Undefined,
  type Value,
} from '../values/value.ts'
import { contains } from './contains.ts'
import { filters } from './filters/index.ts'
import type { Native } from './native.ts'
import { isLower, isUpper } from './text-methods.ts'

type Holds = (value: Value) => boolean

const plainTest = (holds: Holds): Native => ({ params: '', run: holds })
const ordered = (holds: (order: number) => boolean, operator: string): Native => ({
  params: '/other',
  run: (value, [other]) => holds(compareValues(value, other!, operator)),
})

const remainder = (value: Value, by: Value): Value => {
  const rest = calculate('%', value, by)
  if (rest === undefined) throw unsupported('%', value, by)
  return rest
}

/** Whether both are one and the same: texts and numbers are when they are equal and of one type. */
const isSame = (value: Value, other: Value): boolean =>
  value === other || (typeof value === typeof other && !(value instanceof Object) && isEqual(value, other))

/** Also a value that no set can hold is an error, as in Jinja2. */
const hasName = (value: Value, names: { has(name: string): boolean }): boolean => {
  hashForm(value)
  return isText(value) && names.has(plain(value))
}

const equal: Native = { params: '/other', run: (value, [other]) => isEqual(value, other!) }
const unequal: Native = { params: '/other', run: (value, [other]) => !isEqual(value, other!) }
const greater = ordered((order) => order > 0, '>')
const less = ordered((order) => order < 0, '<')
const atLeast = ordered((order) => order >= 0, '>=')
const atMost = ordered((order) => order <= 0, '<=')

export const tests: ReadonlyMap<string, Native> = new Map<string, Native>([
  ['boolean', plainTest((value) => typeof value === 'boolean')],
  [
    'callable',
    plainTest(
      (value) =>
        value instanceof Callable || value instanceof Undefined || (value instanceof Live && value.call !== undefined),
    ),
  ],
  ['defined', plainTest((value) => !(value instanceof Undefined))],
  ['divisibleby', { params: 'num', run: (value, [by]) => isEqual(remainder(value, by!), 0) }],
  ['escaped', plainTest((value) => value instanceof Markup)],
  ['even', plainTest((value) => isEqual(remainder(value, 2), 0))],
  ['false', plainTest((value) => value === false)],
  ['filter', plainTest((value) => hasName(value, filters))],
  ['float', plainTest(isFloat)],
  ['in', { params: 'seq', run: (value, [list]) => contains(list!, value) }],
  ['integer', plainTest(isInt)],
  ['iterable', plainTest((value) => tryIterate(value) !== undefined)],
  ['lower', plainTest((value) => isLower(toText(value)))],
  ['mapping', plainTest((value) => value instanceof Dict)],
  ['none', plainTest((value) => value === null)],
  ['number', plainTest(isNumber)],
  ['odd', plainTest((value) => isEqual(remainder(value, 2), 1))],
  ['sameas', { params: 'other', run: (value, [other]) => isSame(value, other!) }],
  ['sequence', plainTest((value) => countOf(value) !== undefined && !(value instanceof DictView))],
  ['string', plainTest(isText)],
  ['test', plainTest((value) => hasName(value, tests))],
  ['true', plainTest((value) => value === true)],
  ['undefined', plainTest((value) => value instanceof Undefined)],
  ['upper', plainTest((value) => isUpper(toText(value)))],
  ...(['==', 'eq', 'equalto'] as const).map((name) => [name, equal] as const),
  ...(['!=', 'ne'] as const).map((name) => [name, unequal] as const),
  ...(['>', 'gt', 'greaterthan'] as const).map((name) => [name, greater] as const),
  ...(['<', 'lt', 'lessthan'] as const).map((name) => [name, less] as const),
  ...(['>=', 'ge'] as const).map((name) => [name, atLeast] as const),
  ...(['<=', 'le'] as const).map((name) => [name, atMost] as const),
])
