import { nearest } from '#lib/text/nearest.ts'
import { filters, SERIES } from '../library/filters/index.ts'
import { tests } from '../library/tests.ts'
import type { Expression, ExpressionOf } from '../syntax/expression.ts'
import { runtimeError, type TemplateError } from '../syntax/template-error.ts'
import { faultOf } from '../syntax/template-faults.ts'
import { isText, plain } from '../values/value.ts'
import { checkArguments, checkCall, checkLoop } from './check-calls.ts'
import type { Definitions } from './definitions.ts'
import type { Place } from './place.ts'

// What can be told of one expression without any fact.

/** What becomes of an expression: it is printed as it is, called, or something else. */
export type Role = 'printed' | 'called' | 'used'

const unknown = (kind: 'filter' | 'test', name: string, known: readonly string[]): TemplateError => {
  const meant = nearest(name, known)
  const instead = meant === undefined ? faultOf('take_it_out') : faultOf('write_instead', { meant })
  return runtimeError('name_unknown_instead', { kind: faultOf(`kind_${kind}`), name, instead })
}

/** Filters of Jinja2 that are not here, and what does their work. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['pprint', 'tojson(indent=2)'],
  ['urlize', 'link("…")'],
])

const checkFilter = (filter: ExpressionOf<'filter'>): void => {
  const { name } = filter
  const instead = INSTEAD.get(name)
  if (instead !== undefined) throw runtimeError('filter_not_available', { name, instead })
  const native = filters.get(name)
  if (!native) throw unknown('filter', name, [...filters.keys()])
  checkArguments(name, native.params, filter)
  checkSeries(filter)
  const [first] = filter.args
  if (name === 'attr' && first?.kind === 'constant' && typeof first.value === 'string') checkReach(first.value)
}

/** Of filters that are told the name of another filter or of a test: what it is and where it stands. */
const NAMING: Readonly<Record<string, readonly [kind: 'filter' | 'test', at: number]>> = {
  map: ['filter', 0],
  select: ['test', 0],
  reject: ['test', 0],
  selectattr: ['test', 1],
  rejectattr: ['test', 1],
}

const checkSeries = ({ name, args, named, spread, spreadNamed }: ExpressionOf<'filter'>): void => {
  const naming = Object.hasOwn(NAMING, name) ? NAMING[name] : undefined
  if (!naming || spread || spreadNamed) return
  const [kind, at] = naming
  const one = args[at]
  const known = kind === 'filter' ? filters : tests
  if (one?.kind === 'constant' && one.value !== null && isText(one.value) && !known.has(plain(one.value)))
    throw unknown(kind, plain(one.value), [...known.keys()])
  if (at === 1 && args.length === 0) throw runtimeError('attribute_missing', { called: name })
  if (name !== 'map' || args.length > 0) return
  const strange = named.find((given) => given.name !== 'attribute' && given.name !== 'default')
  if (strange ?? !named.some((given) => given.name === 'attribute')) throw runtimeError('map_without_filter')
}

const checkTest = (test: ExpressionOf<'test'>): void => {
  const native = tests.get(test.name)
  if (!native) throw unknown('test', test.name, [...tests.keys()])
  checkArguments(test.name, native.params, test)
}

/** Methods that only mappings have: without a call they are never a field. */
const MAPPING_METHODS: ReadonlySet<string> = new Set(
  'clear copy fromkeys get items keys pop popitem setdefault update values'.split(' '),
)

/** Names by which Python reaches from a value to the program. */
const checkReach = (name: string): void => {
  if (!/^__.*__$/.test(name)) return
  throw runtimeError('reaches_program', { name })
}

const checkAttribute = (
  attribute: ExpressionOf<'attribute'>,
  role: Role,
  definitions: Definitions,
  place: Place,
): void => {
  const { name } = attribute
  checkReach(name)
  checkLoop(attribute, place)
  if (role === 'called' || !MAPPING_METHODS.has(name) || definitions.attributes.has(name)) return
  throw runtimeError('method_of_mappings', { name })
}

const checkName = ({ name }: ExpressionOf<'name'>, { names }: Definitions): void => {
  if (name === 'lipsum' && !names.has(name)) throw runtimeError('lipsum')
}

/** Filters that make a text of whatever they are put on, and tests that do so. */
const TEXTUAL: ReadonlySet<string> = new Set(
  'capitalize center e escape forceescape format lower safe string striptags title trim upper wordcount'.split(' '),
)
/** Filters that hand on what they are put on. */
const HANDING: ReadonlySet<string> = new Set(['d', 'default'])

/** The filter by which an expression is a series: a value that Python prints with an address in memory. */
const seriesOf = (expression: Expression | undefined): string | undefined => {
  if (expression?.kind !== 'filter') return undefined
  if (SERIES.has(expression.name)) return expression.name
  return HANDING.has(expression.name) ? seriesOf(expression.of) : undefined
}

/** The filter that gives a series where a text belongs. */
const printedSeries = (expression: Expression, role: Role): string | undefined => {
  const own = role === 'printed' ? seriesOf(expression) : undefined
  if (own !== undefined || (expression.kind !== 'filter' && expression.kind !== 'test')) return own
  return TEXTUAL.has(expression.name) ? seriesOf(expression.of) : undefined
}

/** Throws what is wrong with an expression, whatever the facts are. */
export const checkExpression = (expression: Expression, role: Role, definitions: Definitions, place: Place): void => {
  if (expression.kind === 'filter') checkFilter(expression)
  else if (expression.kind === 'test') checkTest(expression)
  else if (expression.kind === 'call') checkCall(expression, definitions, place)
  else if (expression.kind === 'attribute') checkAttribute(expression, role, definitions, place)
  else if (expression.kind === 'name') checkName(expression, definitions)
  const series = printedSeries(expression, role)
  if (series !== undefined) throw runtimeError('series_printed', { series })
}
