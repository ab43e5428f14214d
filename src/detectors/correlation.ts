import type { NewEvent } from '#core/event/event.ts'
import { SEVERITIES, type Severity, severityRank } from '#core/event/severity.ts'
import { isRecovery } from '#core/rule/rule.ts'
import { isAddress } from '#lib/net/cidr.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'

/** The type of the event that several signals about one address become. */
export const CORRELATION = 'correlation'

const HOUR_MS = 3_600_000
const MOST_ADDRESSES = 10_000
const MOST_MEMBERS = 50

interface Signal {
  readonly kind: string
  readonly at: number
  readonly severity: Severity
  readonly reason: string
}

/** Signals weigh by severity, the worst of each kind: what is LOW twice is no story. */
const LEAST_WEIGHT = 4

/** What kind of signal an event is: the detection, the ban, whatever was posted. Two views of one matter are one kind. */
const kindOf = ({ type, data }: NewEvent): string => {
  const { detection_type: detection, note } = data
  if (typeof note === 'string') return note.startsWith('SSL::') ? 'certificate' : note.split('::')[0]!
  if (typeof detection !== 'string') return type
  return detection.startsWith('ssl_') ? 'certificate' : detection
}

const weightOf = (signals: readonly Signal[]): number => {
  const worstOfKind = new Map<string, number>()
  for (const { kind, severity } of signals)
    worstOfKind.set(kind, Math.max(worstOfKind.get(kind) ?? 0, severityRank(severity) + 1))
  return worstOfKind.values().reduce((sum, weight) => sum + weight, 0)
}

const addressOf = ({ subject, data }: NewEvent): string | undefined => {
  const ip = typeof data.ip === 'string' ? data.ip : subject
  return isAddress(ip) ? ip : undefined
}

const worst = (signals: readonly Signal[]): Severity =>
  SEVERITIES[Math.max(severityRank('HIGH'), ...signals.map(({ severity }) => severityRank(severity)))]!

/** What is remembered of one address. */
interface Known {
  signals: Signal[]
  /** None of the signals is older, ms. */
  oldest: number
  told: boolean
}

/** How an address was before a signal was noted. */
interface Before {
  readonly ip: string
  readonly known: Known
  readonly isNew: boolean
  readonly noted: Signal
  /** What had to go for it: the first one, or what was too old. */
  readonly dropped: readonly Signal[]
  readonly told: boolean
}

/** Trouble of an address that somebody else saw; its end is none. */
const isSignal = (event: NewEvent): boolean =>
  event.type !== CORRELATION && event.monitorId === null && !isRecovery(event) && event.data.action !== 'unban'

const signalOf = (event: NewEvent): Signal => {
  const { at, severity, data } = event
  const kind = kindOf(event)
  return { kind, at, severity, reason: typeof data.reason === 'string' ? data.reason : kind }
}

const storyOf = (ip: string, signals: readonly Signal[], { at, receivedAt }: NewEvent): NewEvent => {
  const inOrder = signals.toSorted((a, b) => a.at - b.at)
  const kinds = [...new Set(inOrder.map(({ kind }) => kind))]
  return {
    type: CORRELATION,
    source: 'detector:correlation',
    severity: worst(inOrder),
    subject: ip,
    at,
    receivedAt,
    monitorId: null,
    data: {
      ip,
      kinds,
      reason: `${ip}: ${kinds.join(', ')} within an hour`,
      first_seen: new Date(inOrder[0]!.at).toISOString(),
      last_seen: new Date(inOrder.at(-1)!.at).toISOString(),
      timeline: inOrder.map((signal) => ({ ...signal, at: new Date(signal.at).toISOString() })),
    },
  }
}

const NONE: readonly Signal[] = []

/** Takes out what is older than an hour by then, and the first where there is no room for another one. */
const makeRoom = (known: Known, at: number): readonly Signal[] => {
  if (at - known.oldest > HOUR_MS) {
    const [recent, old] = [known.signals.filter((one) => at - one.at <= HOUR_MS), known.signals]
    known.signals = recent.slice(-MOST_MEMBERS + 1)
    known.oldest = known.signals.reduce((oldest, one) => Math.min(oldest, one.at), Number.POSITIVE_INFINITY)
    return old.filter((one) => !known.signals.includes(one))
  }
  return known.signals.length < MOST_MEMBERS ? NONE : [known.signals.shift()!]
}

const isStory = (signals: readonly Signal[]): boolean =>
  signals.some(({ kind }) => kind !== signals[0]!.kind) && weightOf(signals) >= LEAST_WEIGHT

export interface Correlated {
  /** The events in their order, each story right before the event that completes it, so that it speaks for both. */
  readonly events: readonly NewEvent[]
  /** Forgets them again: they could not be stored, and will come once more. */
  undo(): void
}

export interface Correlation {
  observe(events: readonly NewEvent[]): Correlated
  readonly tracked: () => number
}

/**
 * Several kinds of signals about one address within an hour become one event that lists them in order: a scan, then a
 * ban, then a beacon tell a story that none of them tells alone. Once until an hour passes without a signal.
 */
export const createCorrelation = (): Correlation => {
  const addresses = createRecentMap<string, Known>(MOST_ADDRESSES)

  const note = (ip: string, event: NewEvent): Before => {
    const earlier = addresses.touch(ip)
    const known = earlier ?? { signals: [], oldest: Number.POSITIVE_INFINITY, told: false }
    if (!earlier) addresses.set(ip, known)
    const { told } = known
    const last = known.signals.at(-1)
    known.told = told && last !== undefined && event.at - last.at <= HOUR_MS
    const dropped = makeRoom(known, event.at)
    const noted = signalOf(event)
    known.signals.push(noted)
    known.oldest = Math.min(known.oldest, event.at)
    return { ip, known, isNew: !earlier, noted, dropped, told }
  }

  const forget = ({ ip, known, isNew, noted, dropped, told }: Before) => {
    if (isNew) return addresses.delete(ip)
    known.signals = [...dropped, ...known.signals.filter((one) => one !== noted)]
    known.oldest = dropped.reduce((oldest, { at }) => Math.min(oldest, at), known.oldest)
    known.told = told
  }

  return {
    observe: (events) => {
      const noted: Before[] = []
      const all: NewEvent[] = []
      for (const event of events) {
        const ip = isSignal(event) ? addressOf(event) : undefined
        if (ip !== undefined) {
          const before = note(ip, event)
          noted.push(before)
          const { known } = before
          if (!known.told && isStory(known.signals)) {
            known.told = true
            all.push(storyOf(ip, known.signals, event))
          }
        }
        all.push(event)
      }
      return {
        events: all,
        undo: () => {
          for (const before of noted.toReversed()) forget(before)
        },
      }
    },
    tracked: () => addresses.size,
  }
}
