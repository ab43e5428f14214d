import { isRecovery } from '../rule/rule.ts'
import { ZEEK_DETECTION, ZEEK_SIGNAL } from './detection.ts'
import type { NewEvent } from './event.ts'
import { addressOf } from './event-addresses.ts'
import { ML_PREDICTION } from './prediction.ts'
import { type Severity, severityRank } from './severity.ts'

/** One kind of thing that speaks for looking at a host. */
interface HostReason {
  /** `beaconing`, `port_scan`, `fail2ban_ban`, … */
  readonly kind: string
  readonly severity: Severity
  /** Of the worst event of the kind. */
  readonly reason: string
  readonly events: number
  /** How much of the score it is. */
  readonly points: number
  /** When it was told last, ms. */
  readonly lastAt: number
}

/** A host that should be looked at, and why. */
export interface RankedHost {
  readonly ip: string
  readonly score: number
  /** One of our own; else a stranger, who can only be kept out. */
  readonly own: boolean
  /** Those that weigh most first. */
  readonly reasons: readonly HostReason[]
}

/** By severity: two of one step are about one of the next, so that weak signs of several kinds add up. */
const POINTS = [2, 5, 10, 20] as const
const SIGNAL_POINTS = 1
/** More of the same says little: each tenfold adds so much of the kind's points. */
const MORE_OF_SAME = 0.25
/** Whoever knocks from outside is the weather of the internet: what is odd about a host of ours comes first. */
const STRANGER = 0.25

/** Two views of one matter count once, as the stronger of them. */
const MATTERS: Readonly<Record<string, string>> = {
  fail2ban_action: 'fail2ban_ban',
  dns_tunneling: 'names',
  dga: 'names',
}

const kindOf = ({ type, data }: NewEvent): string => {
  const { detection_type: detection, note } = data
  if (typeof note === 'string') return note
  return typeof detection === 'string' ? detection : type
}

const matterOf = (kind: string): string =>
  kind.startsWith('ssl_') || kind.startsWith('SSL::') ? 'certificate' : (MATTERS[kind] ?? kind)

const pointsOf = ({ type, severity }: NewEvent): number =>
  type === ZEEK_SIGNAL ? SIGNAL_POINTS : (POINTS[severityRank(severity)] ?? 0)

/** Senders whose events say something of a host as such: what others call a subject may be anything. */
const RANKED_TYPES = new Set<string>([ZEEK_DETECTION, ZEEK_SIGNAL, ML_PREDICTION, 'fail2ban_ban'])

/** Whether an event speaks for looking at a host. That it is well again does not, nor do sums of others. */
export const isRanked = (event: NewEvent): boolean =>
  RANKED_TYPES.has(event.type) && event.monitorId === null && !isRecovery(event) && event.data.action !== 'unban'

const reasonOf = (kind: string, events: readonly NewEvent[]): HostReason => {
  const worst = events.reduce((a, b) => (pointsOf(b) > pointsOf(a) ? b : a))
  const points = pointsOf(worst) * (1 + MORE_OF_SAME * Math.log10(events.length))
  return {
    kind,
    severity: worst.severity,
    reason: typeof worst.data.reason === 'string' ? worst.data.reason : kind,
    events: events.length,
    points: Math.round(points * 10) / 10,
    lastAt: Math.max(...events.map(({ at }) => at)),
  }
}

const reasonsOf = (events: readonly NewEvent[]): HostReason[] => {
  const byKind = [...Map.groupBy(events, kindOf)].map(([kind, its]) => reasonOf(kind, its))
  const byMatter = Map.groupBy(byKind, ({ kind }) => matterOf(kind))
  return [...byMatter.values()]
    .map((views) => views.reduce((a, b) => (b.points > a.points ? b : a)))
    .sort((a, b) => b.points - a.points || b.lastAt - a.lastAt)
}

/**
 * Who should be looked at, by what all detectors and senders said of each address: points by severity, added over the
 * different matters, so that several weak signs stand above one. `isOwn` tells hosts of ours from strangers.
 */
export const rankHosts = (events: Iterable<NewEvent>, isOwn: (ip: string) => boolean): readonly RankedHost[] => {
  const byHost = new Map<string, NewEvent[]>()
  for (const event of events) {
    const ip = isRanked(event) ? addressOf(event) : undefined
    if (ip !== undefined) byHost.getOrInsertComputed(ip, () => []).push(event)
  }
  return [...byHost]
    .map(([ip, its]) => {
      const own = isOwn(ip)
      const reasons = reasonsOf(its)
      const sum = reasons.reduce((total, { points }) => total + points, 0)
      return { ip, own, score: Math.round(sum * (own ? 1 : STRANGER) * 10) / 10, reasons }
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.ip < b.ip ? -1 : 1))
}
