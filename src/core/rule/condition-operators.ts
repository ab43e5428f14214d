import { type Address, networkSet, parseAddress, parseNetwork } from '#lib/net/cidr.ts'
import { linearRegex } from '#lib/text/regex.ts'
import { because, type Cause } from '../cause/cause.ts'
import type { ConditionCauses } from '../cause/verdict-causes.ts'
import { compareValues, sameValue, shown, textOf, truthy } from './condition-values.ts'

/** `incomparable`: the types have nothing to say to one another, which makes the whole rule not match. */
export type Answer = boolean | 'incomparable'
/** Looks at the value of a field; a missing field arrives as null. Never throws. */
export type Check = (actual: unknown) => Answer

/** The code of a word that needs no facts. */
type Relation = {
  readonly [Code in keyof ConditionCauses]: [ConditionCauses[Code]] extends [never] ? Code : never
}[keyof ConditionCauses]

export interface Operator {
  readonly name: string
  /** Between the field's value and the expected one, when it holds and when it does not. */
  readonly holds: Relation
  readonly fails: Relation
  /** Prepares the comparison once, at save; `cause` says what is wrong with the expected value. */
  prepare(expected: unknown): Check | { readonly cause: Cause }
}

/** Longer texts are searched in their first part only. */
const LONGEST_SEARCHED = 8192

/** The opposite of an answer; what cannot be compared stays that. */
export const negated = (answer: Answer): Answer => (answer === 'incomparable' ? answer : !answer)

const ordering = (name: string, holds: Relation, fails: Relation, fits: (order: number) => boolean): Operator => ({
  name,
  holds,
  fails,
  prepare: (expected) => (actual) => {
    if (actual === null) return false
    // Numbers, which most comparisons are about, without the rest of the rules.
    if (typeof actual === 'number' && typeof expected === 'number')
      return fits(actual === expected ? 0 : actual - expected)
    const order = compareValues(actual, expected)
    return order === undefined ? 'incomparable' : fits(order)
  },
})

/** Numbers and booleans that are equal share a key; texts keep theirs. */
export const scalarKey = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value)

const amongList = (list: readonly unknown[]): Check => {
  const scalars = new Set(list.filter((one) => typeof one !== 'object').map(scalarKey))
  const nested = list.filter((one) => typeof one === 'object')
  return (actual) => {
    if (typeof actual === 'string') return scalars.has(actual)
    return typeof actual === 'object' ? nested.some((one) => sameValue(actual, one)) : scalars.has(scalarKey(actual))
  }
}

const amongKeys =
  (keys: object): Check =>
  (actual) =>
    // Lists and mappings are no keys in Python; asking for one is an error there, numbers are merely not found.
    typeof actual === 'object' ? 'incomparable' : typeof actual === 'string' && Object.hasOwn(keys, actual)

/** Python's `in`: an item of a list, a part of a text, a key of a mapping. */
const among = (expected: unknown): Check => {
  if (Array.isArray(expected)) return amongList(expected)
  if (typeof expected === 'string')
    return (actual) => (typeof actual === 'string' ? expected.includes(actual) : 'incomparable')
  return typeof expected === 'object' && expected !== null ? amongKeys(expected) : () => 'incomparable'
}

const contains =
  (expected: unknown): Check =>
  (actual) => {
    if (typeof actual === 'string' && typeof expected === 'string') return actual !== '' && actual.includes(expected)
    if (!truthy(actual)) return false
    const text = textOf(actual)
    return typeof expected === 'string' && text !== undefined ? text.includes(expected) : 'incomparable'
  }

const matches: Operator['prepare'] = (expected) => {
  if (typeof expected !== 'string' || expected === '')
    return { cause: because('matches_needs_pattern', { value: shown(expected) }) }
  const regex = linearRegex(expected)
  if (!regex.ok) return { cause: regex.problem }
  return (actual) => {
    if (actual === null) return false
    const text = textOf(actual)
    return text === undefined ? 'incomparable' : regex.value.test(text.slice(0, LONGEST_SEARCHED))
  }
}

const exists: Operator['prepare'] = (expected) =>
  typeof expected === 'boolean'
    ? (actual) => (actual !== null) === expected
    : { cause: because('exists_needs_boolean', { value: shown(expected) }) }

/** Many rules ask about the address of the same event: the last one read is remembered. */
const lastAddress = { text: '', address: parseAddress('') }
const readAddress = (text: string): Address | undefined => {
  if (text !== lastAddress.text) Object.assign(lastAddress, { text, address: parseAddress(text) })
  return lastAddress.address
}

const cidr: Operator['prepare'] = (expected) => {
  const texts: readonly unknown[] = Array.isArray(expected) ? expected : [expected]
  if (texts.length === 0) return { cause: because('cidr_without_network') }
  const networks = []
  for (const text of texts) {
    const network = typeof text === 'string' ? parseNetwork(text) : undefined
    if (!network) return { cause: because('not_a_network', { value: shown(text) }) }
    networks.push(network)
  }
  const set = networkSet(networks)
  return (actual) => {
    const address = typeof actual === 'string' ? readAddress(actual) : undefined
    return address !== undefined && set.has(address)
  }
}

const plain = (name: string, holds: Relation, fails: Relation, prepare: Operator['prepare']): Operator => ({
  name,
  holds,
  fails,
  prepare,
})

/** The operators by name, in the order in which messages list them. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [
    ordering('>', 'greater_than', 'not_greater_than', (order) => order > 0),
    ordering('<', 'less_than', 'not_less_than', (order) => order < 0),
    ordering('>=', 'at_least', 'not_at_least', (order) => order >= 0),
    ordering('<=', 'at_most', 'not_at_most', (order) => order <= 0),
    plain('==', 'equal_to', 'not_equal_to', (expected) => (actual) => sameValue(actual, expected)),
    plain('!=', 'different_from', 'not_different_from', (expected) => (actual) => !sameValue(actual, expected)),
    plain('in', 'one_of', 'not_one_of', (expected) => {
      const found = among(expected)
      return (actual) => truthy(actual) && found(actual)
    }),
    plain('not_in', 'not_one_of', 'one_of', (expected) => {
      const found = among(expected)
      return (actual) => !truthy(actual) || negated(found(actual))
    }),
    plain('contains', 'containing', 'not_containing', contains),
    plain('matches', 'matching', 'not_matching', matches),
    plain('exists', 'equal_to', 'not_equal_to', exists),
    plain('cidr', 'within', 'not_within', cidr),
  ].map((operator) => [operator.name, operator]),
)
