import type { Told } from './messages.ts'
import { type Cause, type Outage, overlap, type Span, type Truth } from './truth.ts'

/** One line of the drill's table; the names of the fields are fixed. */
export interface Row {
  readonly case: string
  /** On the channel that got the most beyond what was needed. */
  readonly messages: number
  /** What a perfect operator would have sent there. */
  readonly perfect: number
  /** Causes that a channel never told. */
  readonly hidden: number
  /** Verdicts and messages that contradict what was true. */
  readonly wrong: number
  /** From the break to the first message, of the cause that took longest; null where nothing had to be told. */
  readonly seconds_to_tell: number | null
  /** Down time charged to availability beyond what was true and beyond what probing can resolve, over all monitors. */
  readonly minutes_charged: number
  readonly holds: boolean
  /** In words, what does not hold. */
  readonly faults: readonly string[]
}

/** What a server says of one monitor's change of state. Times in ms. */
export interface Verdict {
  readonly monitor: string
  readonly state: string
  readonly since: number
}

/** What one server did in a case. */
export interface Account {
  readonly told: readonly Told[]
  readonly verdicts: readonly Verdict[]
  /** State of each monitor when all was well again. */
  readonly states: ReadonlyMap<string, string>
  /** Down time that availability was charged with, ms. */
  readonly downMs: ReadonlyMap<string, number>
}

export interface Expected {
  readonly name: string
  readonly span: Span
  /** Messages on each channel. */
  readonly perfect: Readonly<Record<Told['channel'], number>>
  readonly causes: readonly Cause[]
  readonly truth: Truth
  /** Time that nobody was to be charged for, although the monitor could not be reached. */
  readonly planned: boolean
  /** When the server probed again after its death, null when it lived: a verdict that was forming then begins anew. */
  readonly backAt: number | null
}

/** A probe begins this long before its answer counts, and ends as long after, ms. */
const PROBE_MS = 10_000
/** A recovery is seen by the next look, and a monitor that is down is looked at this often, ms. */
const RECOVERY_LOOK_MS = 15_000
/** Well for less than this between two outages is not seen: three looks make a recovery, ms. */
const RECOVERY_MS = 3 * RECOVERY_LOOK_MS + 5000
/** A monitor that could not be reached for longer than this must have been found down, ms. */
const MUST_BE_SEEN_MS = 240_000

const widened = ({ from, to }: Span): Span => ({ from: from - PROBE_MS, to: to + PROBE_MS })
const isIn = (at: number, { from, to }: Span): boolean => at >= from && at <= to

const wrongVerdicts = ({ verdicts, states }: Account, { truth, span }: Expected): string[] => {
  const downs = verdicts
    .filter(
      ({ monitor, state, since }) =>
        state === 'down' && !truth.outages(monitor).some((outage) => isIn(since, widened(outage))),
    )
    .map(({ monitor, since }) => `${monitor} was found down at ${new Date(since).toISOString()} and was not`)
  const ups = verdicts
    .filter(({ monitor, state, since }) => {
      const inside = ({ sure }: Outage) => since > sure.from + PROBE_MS && since < sure.to - PROBE_MS
      return state === 'up' && truth.outages(monitor).some(inside)
    })
    .map(({ monitor, since }) => `${monitor} was found up at ${new Date(since).toISOString()} and was not`)
  const foundDown = new Set(verdicts.filter(({ state }) => state === 'down').map(({ monitor }) => monitor))
  const missed = truth
    .names()
    .filter(
      (name) => !foundDown.has(name) && truth.outages(name).some(({ sure }) => overlap(sure, span) > MUST_BE_SEEN_MS),
    )
    .map((name) => `${name} could not be reached and was never found down`)
  const ends = [...states].filter(([, state]) => state !== 'up').map(([name, state]) => `${name} ended as ${state}`)
  return [...downs, ...ups, ...missed, ...ends]
}

/** Messages that say of something that it is down which was not. */
const wrongMessages = ({ told }: Account, { truth }: Expected): string[] =>
  told.flatMap(({ title, channel, at }) => {
    const name = /\bDOWN ([\w-]+)/.exec(title)?.[1]
    const isTrue = name === undefined || truth.outages(name).some(({ from }) => from < at)
    return isTrue ? [] : [`${channel} said "${title}"`]
  })

/** Good news of one thing; that it names others on the way tells nobody of them. */
const GOOD_NEWS = /\b(RECOVERED|RESOLVED|CLOSED|STABLE)\b/

const firstTold = (told: readonly Told[], { words, at }: Cause): number | undefined =>
  told.find((one) => one.at >= at && !GOOD_NEWS.test(one.title) && words.test(`${one.title}\n${one.text}`))?.at

/** Outages as probing can tell them apart. */
const resolvable = (outages: readonly Span[]): Span[] => {
  const found: Span[] = []
  for (const outage of outages) {
    const last = found.at(-1)
    if (last && outage.from - last.to < RECOVERY_MS) found[found.length - 1] = { from: last.from, to: outage.to }
    else found.push(outage)
  }
  return found
}

const chargedMs = ({ downMs }: Account, { truth, span, planned }: Expected): number => {
  let sum = 0
  for (const [name, charged] of downMs) {
    const outages = planned ? [] : resolvable(truth.outages(name))
    const owed = outages.reduce((total, outage) => total + overlap(outage, span), 0)
    sum += Math.max(0, charged - owed - outages.length * RECOVERY_LOOK_MS)
  }
  return sum
}

const CHANNELS = ['mail', 'chat'] as const

/** From the death of a server until it probes again no more time passes than this, in the provider's time, ms. */
const DEATH_MS = 180_000

/** What a message says of whom, without figures that change while it is told. */
const headline = ({ title }: Told): string => title.split(' · ')[0]!

/**
 * What a server told just as it was killed, and told again: it did not live to note that it had. Better twice than
 * never; it counts as a message, but is no fault.
 */
const repeatsOfDeath = (told: readonly Told[], backAt: number | null): number => {
  if (backAt === null) return 0
  const before = told.filter(({ at }) => at < backAt && at > backAt - DEATH_MS).map(headline)
  const after = told.filter(({ at }) => at >= backAt && at < backAt + DEATH_MS).map(headline)
  return new Set(after.filter((one) => before.includes(one))).size
}

/** Holds what a server did against what was true. */
export const judge = (account: Account, expected: Expected): Row => {
  const { told } = account
  const { perfect, causes } = expected
  const of = (channel: Told['channel']) => told.filter((one) => one.channel === channel)
  const surplus = (channel: Told['channel']) => of(channel).length - perfect[channel]
  const worst = CHANNELS.toSorted((a, b) => surplus(b) - surplus(a))[0]!
  const isOff = (channel: Told['channel']) =>
    surplus(channel) < 0 || surplus(channel) > repeatsOfDeath(of(channel), expected.backAt)
  const counts = CHANNELS.filter(isOff).map(
    (channel) => `${channel}: ${of(channel).length} messages, ${perfect[channel]} would do`,
  )
  const hidden = causes.flatMap((cause) => {
    const silent = CHANNELS.filter((channel) => firstTold(of(channel), cause) === undefined)
    return silent.length === 0 ? [] : [`${cause.name} was not told by ${silent.join(' and ')}`]
  })
  const waits = causes.flatMap((cause) => {
    const at = firstTold(told, cause)
    const since = Math.max(cause.at, expected.backAt ?? 0)
    return at === undefined
      ? []
      : [{ cause, seconds: (at - cause.at) / 1000, inTime: at - since <= cause.mostSeconds * 1000 }]
  })
  const slow = waits
    .filter(({ inTime }) => !inTime)
    .map(({ cause, seconds }) => `${cause.name} was told after ${Math.round(seconds)} s, not ${cause.mostSeconds}`)
  const wrong = [...wrongVerdicts(account, expected), ...wrongMessages(account, expected)]
  const minutes = Math.round(chargedMs(account, expected) / 6000) / 10
  const charged = minutes > 0 ? [`${minutes} min charged wrongly`] : []
  const faults = [...counts, ...hidden, ...slow, ...wrong, ...charged]
  return {
    case: expected.name,
    messages: of(worst).length,
    perfect: perfect[worst],
    hidden: hidden.length,
    wrong: wrong.length,
    seconds_to_tell: waits.length === 0 ? null : Math.round(Math.max(...waits.map(({ seconds }) => seconds))),
    minutes_charged: minutes,
    holds: faults.length === 0,
    faults,
  }
}
