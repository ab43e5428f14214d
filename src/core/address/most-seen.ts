import { eventKind, type VigiaEvent } from '../event/event.ts'
import { addressOf } from '../event/event-addresses.ts'
import { type Severity, severityRank } from '../event/severity.ts'

export interface SeenAddress {
  readonly address: string
  /** Open alerts about it. */
  readonly alerts: number
  /** Events of the time that was looked at. */
  readonly count: number
  readonly worst: Severity
  readonly kinds: readonly string[]
  /** Ms. */
  readonly lastAt: number
  readonly country: string | null
  readonly owner: string | null
}

type Seen = Pick<VigiaEvent, 'type' | 'subject' | 'severity' | 'at' | 'data'>

interface Known {
  readonly address: string
  alerts: number
  count: number
  worst: Severity
  readonly kinds: Set<string>
  lastAt: number
  country: string | null
  owner: string | null
}

const MOST_KEPT = 20_000
const MOST_KINDS = 4
const LONGEST_KIND = 100

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Who was seen most: those with open alerts first, then by the worst event, then by how many there were. */
export const createMostSeen = () => {
  const found = new Map<string, Known>()

  const known = (address: string, { severity, at }: Pick<Seen, 'severity' | 'at'>): Known | undefined => {
    const before = found.get(address)
    if (before) {
      if (severityRank(severity) > severityRank(before.worst)) before.worst = severity
      before.lastAt = Math.max(before.lastAt, at)
      return before
    }
    if (found.size >= MOST_KEPT) return undefined
    const made = { address, alerts: 0, count: 0, worst: severity, lastAt: at, country: null, owner: null }
    const one: Known = { ...made, kinds: new Set() }
    found.set(address, one)
    return one
  }

  const told = (one: Known, { type, data }: Pick<Seen, 'type' | 'data'>): void => {
    if (one.kinds.size < MOST_KINDS) one.kinds.add(eventKind({ ...data, type }).slice(0, LONGEST_KIND))
    one.country ??= text(data.country)
    one.owner ??= text(data.owner)
  }

  return {
    event: (event: Seen): void => {
      const address = addressOf(event)
      // That a ban ended is no reason to look.
      if (address === undefined || event.data.action === 'unban') return
      const one = known(address, event)
      if (!one) return
      one.count++
      told(one, event)
    },
    openAlert: (alert: Seen): void => {
      const address = addressOf(alert)
      const one = address === undefined ? undefined : known(address, alert)
      if (!one) return
      one.alerts++
      told(one, alert)
    },
    top: (most: number): readonly SeenAddress[] =>
      [...found.values()]
        .sort(
          (a, b) =>
            b.alerts - a.alerts ||
            severityRank(b.worst) - severityRank(a.worst) ||
            b.count - a.count ||
            b.lastAt - a.lastAt,
        )
        .slice(0, most)
        .map((one) => ({ ...one, kinds: [...one.kinds] })),
  }
}
