import { own } from '#lib/own.ts'
import { plainAddress } from '#lib/text/plain-address.ts'
import { type LinearRegex, linearRegex } from '#lib/text/regex.ts'
import { because, type Cause } from '../cause/cause.ts'
import type { Severity } from '../event/severity.ts'
import type { Monitor } from '../monitor/monitor.ts'

export const MATCHER_OPERATORS = ['=', '!=', '=~', '!~', 'in', 'matches', 'matches_not'] as const
type MatcherOperator = (typeof MATCHER_OPERATORS)[number]

/**
 * One condition on what an alert is about; `=~` takes `*` and `?` as wildcards, `in` a list, `matches` and
 * `matches_not` a regular expression for the whole value.
 */
export interface Matcher {
  /** `subject`, `address`, `severity`, `type`, `rule`, `monitor`, or the name of a label; `labels.NAME` is a label in any case. */
  readonly name: string
  readonly operator: MatcherOperator
  readonly value: string | readonly string[]
}

/** What an alert is about, as silences and maintenance windows look at it. */
export interface MatchFacts {
  readonly subject: string
  /** The address that an event is about, whatever its sender calls it; absent of monitors. */
  readonly address?: string | undefined
  readonly severity: Severity
  readonly type: string
  readonly rule: string | null
  readonly monitor: string | null
  readonly labels: Readonly<Record<string, string>>
}

/** What maintenance windows look at: the monitor itself, whatever happens to it. */
export const monitorFacts = ({
  name,
  severity,
  labels,
}: Pick<Monitor, 'name' | 'severity' | 'labels'>): MatchFacts => ({
  subject: name,
  severity,
  type: 'monitor_state',
  rule: null,
  monitor: name,
  labels,
})

/** A stretch of time in which matching alerts are not told of. Times in ms. */
export interface Quiet {
  readonly id: number
  readonly matchers: readonly Matcher[]
  readonly startsAt: number
  readonly endsAt: number
}

const OWN = new Set(['subject', 'address', 'severity', 'type', 'rule', 'monitor'])

const LABEL = 'labels.'

const labelOf = ({ labels }: MatchFacts, name: string): string => own(labels, name) ?? ''

const factOf = (facts: MatchFacts, name: string): string => {
  const fact = OWN.has(name) ? facts[name as keyof Omit<MatchFacts, 'labels'>] : null
  return fact ?? labelOf(facts, name.startsWith(LABEL) ? name.slice(LABEL.length) : name)
}

/** How a label is named among matchers where nothing else may be meant. */
export const labelMatcherName = (label: string): string => (OWN.has(label) ? LABEL + label : label)

/** The label that a matcher's name means. */
export const matchedLabel = (name: string): string => (name.startsWith(LABEL) ? name.slice(LABEL.length) : name)

/** Wildcards in linear time: no backtracking beyond the last star. */
const like = (text: string, pattern: string): boolean => {
  let [at, position, star, mark] = [0, 0, -1, 0]
  while (at < text.length) {
    if (position < pattern.length && (pattern[position] === '?' || pattern[position] === text[at])) {
      at++
      position++
    } else if (pattern[position] === '*') {
      star = position++
      mark = at
    } else if (star >= 0) {
      position = star + 1
      at = ++mark
    } else return false
  }
  while (pattern[position] === '*') position++
  return position === pattern.length
}

const patterns = new WeakMap<Matcher, LinearRegex>()

/** A matcher's expression, compiled once; one that is none matches nothing, for it was refused when it was written. */
const patternOf = (matcher: Matcher): LinearRegex => {
  let pattern = patterns.get(matcher)
  if (!pattern) {
    const compiled = linearRegex(`^(?:${String(matcher.value)})$`)
    pattern = compiled.ok ? compiled.value : { test: () => false }
    patterns.set(matcher, pattern)
  }
  return pattern
}

/** An address has many forms, and the one that it is compared with has the usual one. */
const equals = (name: string, actual: string, text: string): boolean =>
  actual === text || (name === 'address' && actual === plainAddress(text))

const holds = (matcher: Matcher, facts: MatchFacts): boolean => {
  const { name, operator, value } = matcher
  const actual = factOf(facts, name)
  if (operator === 'matches') return patternOf(matcher).test(actual)
  if (operator === 'matches_not') return !patternOf(matcher).test(actual)
  if (operator === 'in') return Array.isArray(value) ? value.includes(actual) : value === actual
  const text = String(value)
  if (operator === '=') return equals(name, actual, text)
  if (operator === '!=') return !equals(name, actual, text)
  return like(actual.toLowerCase(), text.toLowerCase()) === (operator === '=~')
}

/** What is wrong with a matcher that people wrote; undefined when nothing is. */
const matcherProblem = ({ operator, value }: Matcher): Cause | undefined => {
  if (operator !== 'matches' && operator !== 'matches_not') return undefined
  const compiled = linearRegex(String(value))
  return compiled.ok ? undefined : compiled.problem
}

/** What every alert has: naming it names something, whatever the operator. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(['subject', 'severity', 'type'])

/** About what has no label, no rule and no monitor. */
const WITHOUT: MatchFacts = { subject: '', severity: 'LOW', type: '', rule: null, monitor: null, labels: {} }

/** True for matchers that hold where nothing that they name is there: a slip in a label's name would match everything. */
export const matchWhatIsAbsent = (matchers: readonly Matcher[]): boolean =>
  matchers.length > 0 && matchers.every((one) => !ALWAYS_THERE.has(one.name) && holds(one, WITHOUT))

/** What is wrong with matchers that people wrote together: which one, and why; undefined when nothing is. */
export const matchersProblem = (
  matchers: readonly Matcher[],
): { readonly index: number; readonly cause: Cause } | undefined => {
  const wrong = matchers.map(matcherProblem)
  const index = wrong.findIndex((one) => one !== undefined)
  if (index >= 0) return { index, cause: wrong[index]! }
  return matchWhatIsAbsent(matchers) ? { index: 0, cause: because('matcher_matches_everything') } : undefined
}

/** True when every matcher holds; nothing matches an empty list. */
export const matches = (matchers: readonly Matcher[], facts: MatchFacts): boolean =>
  matchers.length > 0 && matchers.every((matcher) => holds(matcher, facts))

/** The quiet time that covers the facts longest from `now` on; undefined when none does. */
export const quietFor = <Q extends Quiet>(quiets: readonly Q[], facts: MatchFacts, now: number): Q | undefined =>
  quiets
    .filter(({ startsAt, endsAt, matchers }) => startsAt <= now && now < endsAt && matches(matchers, facts))
    .reduce<Q | undefined>((longest, one) => (longest && longest.endsAt >= one.endsAt ? longest : one), undefined)
