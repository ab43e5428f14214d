import { labelMatcherName, type Matcher, matchedLabel, matchersProblem, matchWhatIsAbsent } from '#core/rule/matcher.ts'
import { isObject } from '#lib/json.ts'
import { nulPath } from '#lib/text/nul.ts'
import { iso } from '#lib/time/iso.ts'
import type { Silence } from '#storage/silences.ts'
import { inEnglish } from '#templates/said.ts'
import { type Refusal, unreadable } from './answers.ts'
import { readTime } from './time.ts'

/** A silence as Alertmanager's API writes it, checked. */
export interface SilenceForm {
  /** The one that it takes the place of. */
  readonly replaces: number | undefined
  readonly matchers: readonly Matcher[]
  readonly startsAt: number
  readonly endsAt: number
  readonly comment: string
  readonly createdBy: string
}

const MOST_MATCHERS = 50
const LONGEST = 2000
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const OURS = /^00000000-0000-4000-8000-([0-9a-f]{12})$/i

/** Our number in the form that Alertmanager's clients expect of an id. */
export const silenceUuid = (id: number): string => `00000000-0000-4000-8000-${id.toString(16).padStart(12, '0')}`

/** The number of such an id: 0 for one that is none of ours, undefined for what is no id at all. */
export const silenceNumber = (uuid: string): number | undefined =>
  UUID.test(uuid) ? Number.parseInt(OURS.exec(uuid)?.[1] ?? '0', 16) : undefined

const missing = (key: string): Refusal => ({ status: 422, code: 602, message: `${key} in body is required` })
const invalid = (message: string): Refusal => ({ status: 400, message: `silence invalid: ${message}` })

const matcherOf = (sent: unknown, index: number): Matcher | Refusal => {
  if (!isObject(sent)) return unreadable(`parsing silence body failed: matchers.${index} must be an object`)
  const { name, value, isRegex, isEqual = true } = sent
  if (name === undefined || value === undefined || isRegex === undefined)
    return missing(`matchers.${index}.${name === undefined ? 'name' : value === undefined ? 'value' : 'isRegex'}`)
  if (typeof name !== 'string' || typeof value !== 'string' || typeof isRegex !== 'boolean')
    return unreadable(
      `parsing silence body failed: matchers.${index} has a name and a value, and isRegex true or false`,
    )
  if (name === '' || name.length > 200 || value.length > LONGEST)
    return invalid(`invalid label matcher ${index}: a name has 1 to 200 characters, a value at most ${LONGEST}`)
  const operator = isRegex ? (isEqual ? 'matches' : 'matches_not') : isEqual ? '=' : '!='
  const matcher: Matcher = { name: labelMatcherName(name), operator, value }
  return matcher
}

const matchersOf = (sent: unknown): readonly Matcher[] | Refusal => {
  if (sent === undefined || sent === null) return missing('matchers')
  if (!Array.isArray(sent)) return unreadable('parsing silence body failed: matchers must be an array')
  if (sent.length === 0) return { status: 422, code: 612, message: 'matchers in body should have at least 1 items' }
  if (sent.length > MOST_MATCHERS) return invalid(`at most ${MOST_MATCHERS} matchers are taken`)
  const matchers: Matcher[] = []
  for (const [index, one] of sent.entries()) {
    const matcher = matcherOf(one, index)
    if ('status' in matcher) return matcher
    matchers.push(matcher)
  }
  if (matchWhatIsAbsent(matchers)) return invalid('at least one matcher must not match the empty string')
  const problem = matchersProblem(matchers)
  return problem ? invalid(`invalid label matcher ${problem.index}: ${inEnglish(problem.cause)}`) : matchers
}

/** Reads a silence, with the answers that Alertmanager gives to what is wrong. */
export const readSilence = (body: unknown, now: number): SilenceForm | Refusal => {
  if (!isObject(body)) return unreadable('parsing silence body failed: it must be a silence')
  const absent = ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt'].find((key) => body[key] === undefined)
  if (absent !== undefined) return missing(absent)
  const { comment, createdBy, id } = body
  if (typeof comment !== 'string' || typeof createdBy !== 'string' || comment.length + createdBy.length > LONGEST)
    return unreadable(`parsing silence body failed: comment and createdBy are texts of ${LONGEST} characters together`)
  if (nulPath(body) !== undefined) return unreadable('parsing silence body failed: it contains NUL')
  const matchers = matchersOf(body.matchers)
  if ('status' in matchers) return matchers
  const [begin, endsAt] = [readTime(body.startsAt), readTime(body.endsAt)]
  if (typeof begin !== 'number' || typeof endsAt !== 'number')
    return unreadable('parsing silence body failed: startsAt and endsAt are times, write 2026-12-31T23:59:59Z')
  if (begin >= endsAt) return { status: 400, message: 'Failed to create silence: start time must be before end time' }
  if (endsAt <= now) return { status: 400, message: "Failed to create silence: end time can't be in the past" }
  const replaces = typeof id === 'string' && id !== '' ? (silenceNumber(id) ?? 0) : undefined
  // A silence does not reach back: what was told is told.
  return { replaces, matchers, startsAt: Math.max(begin, now), endsAt, comment, createdBy }
}

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A matcher of ours in Alertmanager's words, which know no wildcards and no lists. */
const matcherView = ({ name, operator, value }: Matcher) => {
  const label = matchedLabel(name)
  const form = (text: string, isRegex: boolean, isEqual = true) => ({ name: label, value: text, isRegex, isEqual })
  if (operator === '=' || operator === '!=') return form(String(value), false, operator === '=')
  if (operator === 'in') return form([value].flat().map(escapeRegex).join('|'), true)
  if (operator === 'matches' || operator === 'matches_not') return form(String(value), true, operator === 'matches')
  const wild = escapeRegex(String(value)).replaceAll('\\*', '.*').replaceAll('\\?', '.')
  return form(`(?i:${wild})`, true, operator === '=~')
}

/** A silence as Alertmanager shows it. */
export const silenceView = (silence: Silence, now: number) => ({
  id: silenceUuid(silence.id),
  status: { state: silence.endsAt <= now ? 'expired' : silence.startsAt > now ? 'pending' : 'active' },
  updatedAt: iso(silence.createdAt),
  comment: silence.comment,
  createdBy: silence.createdBy,
  startsAt: iso(silence.startsAt),
  endsAt: iso(silence.endsAt),
  matchers: silence.matchers.map(matcherView),
})
