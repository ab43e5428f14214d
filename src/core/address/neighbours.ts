import type { NewEvent } from '../event/event.ts'
import { addressOf, targetsOf } from '../event/event-addresses.ts'
import { type Severity, severityRank } from '../event/severity.ts'
import { targetKey } from './address-record.ts'
import { networkOf } from './networks.ts'

/** Why another address is shown beside one: the same network, the same owner, the same targets at the same time. */
const LIKENESSES = ['network', 'owner', 'targets'] as const
export type Likeness = (typeof LIKENESSES)[number]

export interface Neighbour {
  readonly address: string
  readonly why: readonly Likeness[]
  readonly count: number
  readonly worst: Severity
  /** Ms. */
  readonly lastAt: number
  readonly country: string | null
  readonly owner: string | null
}

/** What an address is compared by. */
export interface Compared {
  readonly address: string
  readonly owner: string | null
  readonly asn: number | null
  /** Keys of what it touched. */
  readonly targets: ReadonlySet<string>
  /** Hours since 1970 in which something happened about it. */
  readonly hours: ReadonlySet<number>
}

const HOUR_MS = 3_600_000
const MOST_KEPT = 5000

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

interface Known {
  readonly address: string
  readonly why: Set<Likeness>
  count: number
  worst: Severity
  lastAt: number
  country: string | null
  owner: string | null
}

/** Finds who else does what one address does, among events of any order. */
export const createNeighbours = ({ address, owner, asn, targets, hours }: Compared) => {
  const network = networkOf(address)
  const found = new Map<string, Known>()

  const sameOwner = ({ data }: Pick<NewEvent, 'data'>): boolean =>
    (asn !== null && data.asn === asn) || (owner !== null && data.owner === owner)

  const sameTime = (at: number): boolean => {
    const hour = Math.floor(at / HOUR_MS)
    return hours.has(hour) || hours.has(hour - 1) || hours.has(hour + 1)
  }

  const likenesses = (other: string, event: Pick<NewEvent, 'data' | 'subject' | 'at'>): readonly Likeness[] => {
    const touches = () => targetsOf(event, other).some((target) => targets.has(targetKey(target)))
    return [
      ...(networkOf(other) === network ? (['network'] as const) : []),
      ...(sameOwner(event) ? (['owner'] as const) : []),
      ...(targets.size > 0 && sameTime(event.at) && touches() ? (['targets'] as const) : []),
    ]
  }

  return {
    note: (event: Pick<NewEvent, 'data' | 'subject' | 'at' | 'severity'>): void => {
      const other = addressOf(event)
      if (other === undefined || other === address) return
      const why = likenesses(other, event)
      let known = found.get(other)
      if (why.length === 0 && !known) return
      if (!known) {
        if (found.size >= MOST_KEPT) return
        const { severity: worst, at: lastAt } = event
        known = { address: other, why: new Set(), count: 0, worst, lastAt, country: null, owner: null }
        found.set(other, known)
      }
      for (const one of why) known.why.add(one)
      known.count++
      if (severityRank(event.severity) > severityRank(known.worst)) known.worst = event.severity
      known.lastAt = Math.max(known.lastAt, event.at)
      known.country ??= text(event.data.country)
      known.owner ??= text(event.data.owner)
    },
    /** Those that are alike in most ways first, then the most severe, then the most frequent. */
    top: (most: number): readonly Neighbour[] =>
      [...found.values()]
        .sort((a, b) => b.why.size - a.why.size || severityRank(b.worst) - severityRank(a.worst) || b.count - a.count)
        .slice(0, most)
        .map(({ why, ...known }) => ({ ...known, why: LIKENESSES.filter((one) => why.has(one)) })),
  }
}
