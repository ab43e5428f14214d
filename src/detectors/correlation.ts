import type { NewEvent } from '#core/event/event.ts'
import { addressOf } from '#core/event/event-addresses.ts'
import { CORRELATION } from '#core/event/reserved-events.ts'
import { SEVERITIES, type Severity, severityRank } from '#core/event/severity.ts'
import { isRecovery } from '#core/rule/rule.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'

const HOUR_MS = 3_600_000
const MOST_ADDRESSES = 10_000
const MOST_MEMBERS = 50

interface Signal {
  readonly kind: string
  /** Two views of one matter are one, whatever they are called. */
  readonly matter: string
  readonly at: number
  readonly severity: Severity
  readonly reason: string
}

/** Signals weigh by severity, the worst of each kind: what is LOW twice is no story. */
const LEAST_WEIGHT = 4

/** Kinds of signals that are views of one matter: a ban and that it failed, two judges of the same look-ups. */
const MATTERS: Readonly<Record<string, string>> = {
  fail2ban_action: 'fail2ban_ban',
  dga: 'names',
  dns_tunneling: 'names',
}

/** What kind of signal an event is: the detection, the ban, whatever was posted. Two views of one matter are one kind. */
const kindOf = ({ type, data }: NewEvent): string => {
  const { detection_type: detection, note } = data
  if (typeof note === 'string') return note.startsWith('SSL::') ? 'certificate' : note.split('::')[0]!
  if (typeof detection !== 'string') return type
  return detection.startsWith('ssl_') ? 'certificate' : detection
}

const weightOf = (signals: readonly Signal[]): number => {
  const worstOfKind = new Map<string, number>()
  for (const { matter, severity } of signals)
    worstOfKind.set(matter, Math.max(worstOfKind.get(matter) ?? 0, severityRank(severity) + 1))
  return worstOfKind.values().reduce((sum, weight) => sum + weight, 0)
}

const worst = (signals: readonly Signal[]): Severity =>
  SEVERITIES[Math.max(severityRank('HIGH'), ...signals.map(({ severity }) => severityRank(severity)))]!

/** What is remembered of one address. */
interface Known {
  signals: Signal[]
  /** How many of the latest are of one kind, with those that were the first and had to go: most addresses have no other. */
  alike: number
  /** None of the signals is older, ms. */
  oldest: number
  /** Of all that came; records of several sources do not come in order. */
  newest: number
  told: boolean
}

/** How an address was before a signal was noted. */
interface Before {
  readonly ip: string
  readonly known: Known
  readonly isNew: boolean
  readonly noted: Signal
  /** Those that were there first, where some of them had to go for it. */
  readonly first: readonly Signal[]
  readonly newest: number
  readonly told: boolean
}

/** Trouble of an address that somebody else saw; its end is none. */
const isSignal = (event: NewEvent): boolean =>
  event.type !== CORRELATION && event.monitorId === null && !isRecovery(event) && event.data.action !== 'unban'

const signalOf = (event: NewEvent): Signal => {
  const { at, severity, data } = event
  const kind = kindOf(event)
  const matter = MATTERS[kind] ?? kind
  return { kind, matter, at, severity, reason: typeof data.reason === 'string' ? data.reason : kind }
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
      timeline: inOrder.map(({ matter: _, ...signal }) => ({ ...signal, at: new Date(signal.at).toISOString() })),
    },
  }
}

const NONE: readonly Signal[] = []

/** What is known of the signals as a whole, after some of them went or came back. */
const lookAnew = (known: Known): void => {
  const { signals } = known
  const last = signals.at(-1)?.matter
  known.alike = signals.length - 1 - signals.findLastIndex(({ matter }) => matter !== last)
  known.oldest = signals.reduce((oldest, { at }) => Math.min(oldest, at), Number.POSITIVE_INFINITY)
}

/**
 * Takes out what is older than an hour by then, and the first where there is no room for another one. Returns those that
 * stood first, where some of them had to go.
 */
const makeRoom = (known: Known, at: number): readonly Signal[] => {
  if (at - known.oldest > HOUR_MS) {
    const { signals } = known
    known.signals = signals.filter((one) => at - one.at <= HOUR_MS).slice(-MOST_MEMBERS + 1)
    lookAnew(known)
    return signals
  }
  return known.signals.length < MOST_MEMBERS ? NONE : [known.signals.shift()!]
}

const isStory = ({ signals, alike }: Known): boolean => alike < signals.length && weightOf(signals) >= LEAST_WEIGHT

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
    const known = earlier ?? {
      signals: [],
      alike: 0,
      oldest: Number.POSITIVE_INFINITY,
      newest: Number.NEGATIVE_INFINITY,
      told: false,
    }
    if (!earlier) addresses.set(ip, known)
    const { told, newest } = known
    known.told = told && event.at - newest <= HOUR_MS
    const first = makeRoom(known, event.at)
    const noted = signalOf(event)
    known.signals.push(noted)
    known.alike = known.signals.at(-2)?.matter === noted.matter ? known.alike + 1 : 1
    known.oldest = Math.min(known.oldest, event.at)
    known.newest = Math.max(newest, event.at)
    return { ip, known, isNew: !earlier, noted, first, newest, told }
  }

  const forget = ({ ip, known, isNew, noted, first, newest, told }: Before) => {
    if (isNew) return addresses.delete(ip)
    known.signals = [...first, ...known.signals.filter((one) => one !== noted && !first.includes(one))]
    lookAnew(known)
    known.newest = known.signals.reduce((latest, { at }) => Math.max(latest, at), newest)
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
          if (!known.told && isStory(known)) {
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
