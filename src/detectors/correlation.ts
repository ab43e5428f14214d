import { NO_EVENTS } from '#core/detector.ts'
import type { NewEvent } from '#core/event.ts'
import { SEVERITIES, type Severity, severityRank } from '#core/severity.ts'
import { parseAddress } from '#lib/cidr.ts'
import { createRecentMap } from '#lib/recent-map.ts'
import type { EventDetection } from './run.ts'

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
  return parseAddress(ip) ? ip : undefined
}

const worst = (signals: readonly Signal[]): Severity =>
  SEVERITIES[Math.max(severityRank('HIGH'), ...signals.map(({ severity }) => severityRank(severity)))]!

/**
 * Several kinds of signals about one address within an hour become one event that lists them in order: a scan, then a
 * ban, then a beacon tell a story that none of them tells alone. Once until an hour passes without a signal.
 */
export const createCorrelation = (leastKinds = 2): EventDetection & { readonly tracked: () => number } => {
  const addresses = createRecentMap<string, { signals: Signal[]; told: boolean }>(MOST_ADDRESSES)
  return {
    observeEvent: (event) => {
      const ip = addressOf(event)
      if (ip === undefined || event.type === CORRELATION || event.monitorId !== null) return NO_EVENTS
      const known = addresses.touch(ip) ?? { signals: [], told: false }
      const last = known.signals.at(-1)
      if (last && event.at - last.at > HOUR_MS) known.told = false
      const { at, severity } = event
      known.signals = known.signals.filter((signal) => at - signal.at <= HOUR_MS).slice(-MOST_MEMBERS + 1)
      const reason = typeof event.data.reason === 'string' ? event.data.reason : kindOf(event)
      known.signals.push({ kind: kindOf(event), at, severity, reason })
      addresses.set(ip, known)
      const kinds = [...new Set(known.signals.map(({ kind }) => kind))]
      if (known.told || kinds.length < leastKinds || weightOf(known.signals) < LEAST_WEIGHT) return NO_EVENTS
      known.told = true
      const inOrder = known.signals.toSorted((a, b) => a.at - b.at)
      return [
        {
          type: CORRELATION,
          source: 'detector:correlation',
          severity: worst(inOrder),
          subject: ip,
          at,
          receivedAt: event.receivedAt,
          monitorId: null,
          data: {
            ip,
            kinds,
            reason: `${ip}: ${kinds.join(', ')} within an hour`,
            first_seen: new Date(inOrder[0]!.at).toISOString(),
            last_seen: new Date(inOrder.at(-1)!.at).toISOString(),
            timeline: inOrder.map((signal) => ({ ...signal, at: new Date(signal.at).toISOString() })),
          },
        },
      ]
    },
    tracked: () => addresses.size,
  }
}
