import type { Severity } from '../event/severity.ts'

/** Messages that were tried in a stretch of time and have all of this in common. Tests are none of them. */
export interface MessageTally {
  readonly channelId: number
  readonly channel: string | null
  /** The rule that asked for them; null for what a monitor's own channels were told, and for what is about no alert. */
  readonly ruleId: number | null
  readonly rule: string | null
  /** False for summaries and notices. */
  readonly ofAlert: boolean
  readonly severity: Severity | null
  readonly outcome: MessageOutcome
  /** What the last attempt failed at; null where it did not. */
  readonly failure: string | null
  readonly count: number
  /** Attempts that all of them took. */
  readonly attempts: number
}

/** `waiting`: tried, and to be tried again. */
export type MessageOutcome = 'delivered' | 'failed' | 'waiting'

/** Alerts that were opened in a stretch of time and have all of this in common. */
export interface AlertTally {
  readonly ruleId: number | null
  readonly rule: string | null
  readonly severity: Severity
  readonly count: number
}

/** How long an alert stood until somebody first looked at it. */
export interface FirstLook {
  readonly ruleId: number | null
  readonly severity: Severity
  readonly ms: number
}

/** What there is of one hour or day. */
export interface FiguresPart {
  /** Its beginning, ms. */
  readonly at: number
  readonly messages: readonly MessageTally[]
  readonly alerts: readonly AlertTally[]
  readonly looks: readonly FirstLook[]
}

export interface MessageSums {
  readonly tried: number
  readonly delivered: number
  readonly failed: number
  readonly waiting: number
  readonly attempts: number
}

export interface AlertSums {
  readonly opened: number
  /** Of them, those that somebody looked at. */
  readonly looked: number
  /** How long they stood until then, ms; null where nobody looked at any. */
  readonly firstLook: { readonly median: number; readonly p90: number; readonly max: number } | null
}

type Sums = MessageSums & AlertSums

export interface Figures extends Sums {
  readonly parts: readonly (Sums & { readonly at: number })[]
  readonly channels: readonly (MessageSums & { readonly id: number; readonly name: string | null })[]
  /** `of`: a written rule, the channels of monitors, or what is about no alert. */
  readonly rules: readonly (Sums & {
    readonly of: 'rule' | 'monitors' | 'others'
    readonly id: number | null
    readonly name: string | null
  })[]
  readonly severities: readonly (Sums & { readonly severity: Severity })[]
  /** Messages that failed, by what they failed at, most first. */
  readonly failures: readonly { readonly failure: string; readonly channel: string | null; readonly count: number }[]
}

const add = (items: readonly { readonly count: number }[]): number => items.reduce((sum, { count }) => sum + count, 0)

const messageSums = (messages: readonly MessageTally[]): MessageSums => {
  const of = (outcome: MessageOutcome) => add(messages.filter((one) => one.outcome === outcome))
  return {
    tried: add(messages),
    delivered: of('delivered'),
    failed: of('failed'),
    waiting: of('waiting'),
    attempts: messages.reduce((sum, { attempts }) => sum + attempts, 0),
  }
}

/** The value that so many of them do not exceed. */
const atShare = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!

const alertSums = (alerts: readonly AlertTally[], looks: readonly FirstLook[]): AlertSums => {
  const sorted = looks.map(({ ms }) => ms).sort((a, b) => a - b)
  return {
    opened: add(alerts),
    looked: looks.length,
    firstLook:
      sorted.length === 0 ? null : { median: atShare(sorted, 0.5), p90: atShare(sorted, 0.9), max: sorted.at(-1)! },
  }
}

const sumsOf = ({ messages, alerts, looks }: Omit<FiguresPart, 'at'>): Sums => ({
  ...messageSums(messages),
  ...alertSums(alerts, looks),
})

const byChannel = (messages: readonly MessageTally[]): Figures['channels'] =>
  [...Map.groupBy(messages, ({ channelId }) => channelId)]
    .map(([id, own]) => ({ id, name: own[0]!.channel, ...messageSums(own) }))
    .sort((a, b) => b.tried - a.tried || a.id - b.id)

const OTHERS = 'others'
const MONITORS = 'monitors'
type Key = number | typeof MONITORS | typeof OTHERS

const byRule = ({ messages, alerts, looks }: Omit<FiguresPart, 'at'>): Figures['rules'] => {
  const ofMessage = ({ ruleId, ofAlert }: MessageTally): Key => ruleId ?? (ofAlert ? MONITORS : OTHERS)
  const ofAlert = ({ ruleId }: AlertTally | FirstLook): Key => ruleId ?? MONITORS
  const own = {
    messages: Map.groupBy(messages, ofMessage),
    alerts: Map.groupBy(alerts, ofAlert),
    looks: Map.groupBy(looks, ofAlert),
  }
  return [...new Set([...own.messages.keys(), ...own.alerts.keys()])]
    .map((key) => {
      const part = {
        messages: own.messages.get(key) ?? [],
        alerts: own.alerts.get(key) ?? [],
        looks: own.looks.get(key) ?? [],
      }
      const name = part.alerts[0]?.rule ?? part.messages[0]?.rule ?? null
      return typeof key === 'number'
        ? { of: 'rule' as const, id: key, name, ...sumsOf(part) }
        : { of: key, id: null, name: null, ...sumsOf(part) }
    })
    .sort((a, b) => b.opened - a.opened || b.tried - a.tried)
}

const SEVEREST_FIRST: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']

const bySeverity = ({ messages, alerts, looks }: Omit<FiguresPart, 'at'>): Figures['severities'] =>
  SEVEREST_FIRST.map((severity) => {
    const own = <One extends { readonly severity: Severity | null }>(all: readonly One[]) =>
      all.filter((one) => one.severity === severity)
    return { severity, ...sumsOf({ messages: own(messages), alerts: own(alerts), looks: own(looks) }) }
  })

const failuresOf = (messages: readonly MessageTally[]): Figures['failures'] => {
  const failed = messages.filter((one) => one.outcome !== 'delivered' && one.failure !== null)
  return [...Map.groupBy(failed, ({ channelId, failure }) => `${failure} ${channelId}`).values()]
    .map((own) => ({ failure: own[0]!.failure!, channel: own[0]!.channel, count: add(own) }))
    .sort((a, b) => b.count - a.count)
}

/** Adds up what there is of each hour or day. Pure. */
export const figuresOf = (parts: readonly FiguresPart[]): Figures => {
  const all = {
    messages: parts.flatMap(({ messages }) => messages),
    alerts: parts.flatMap(({ alerts }) => alerts),
    looks: parts.flatMap(({ looks }) => looks),
  }
  return {
    ...sumsOf(all),
    parts: parts.map(({ at, ...part }) => ({ at, ...sumsOf(part) })),
    channels: byChannel(all.messages),
    rules: byRule(all),
    severities: bySeverity(all),
    failures: failuresOf(all.messages),
  }
}
