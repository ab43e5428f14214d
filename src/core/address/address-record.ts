import { eventKind, type VigiaEvent } from '../event/event.ts'
import { addressOf, type Target, targetsOf } from '../event/event-addresses.ts'
import { ML_PREDICTION } from '../event/prediction.ts'
import { CORRELATION } from '../event/reserved-events.ts'
import { type Severity, severityRank } from '../event/severity.ts'

/** What is kept whole of the newest events; the others are counted. */
const KEPT = { latest: 50, predictions: 10, correlations: 10, bans: 200 } as const
/** Whoever sends may call each event otherwise. */
const MOST_NAMES = 1000
const SHOWN = { kinds: 30, targets: 50, contacts: 30 } as const
const LONGEST_KIND = 100
const HOUR_MS = 3_600_000

export interface Tally {
  readonly count: number
  readonly worst: Severity
  /** Ms. */
  readonly firstAt: number
  readonly lastAt: number
}

/** Events of one kind about the address. */
export interface KindTally extends Tally {
  readonly kind: string
  /** False where it is the other end: an event about who touched it. */
  readonly isAbout: boolean
}

export interface TargetTally extends Tally, Target {}

/** Who touched the address, where it is the target of events about others. */
export interface ContactTally extends Tally {
  readonly address: string
}

/** What a sender says of where an address is. */
interface SaidPlace {
  readonly country: string | null
  readonly owner: string | null
  readonly asn: number | null
}

const add = (tally: Tally | undefined, { at, severity }: VigiaEvent): Tally => ({
  count: (tally?.count ?? 0) + 1,
  worst: tally && severityRank(tally.worst) > severityRank(severity) ? tally.worst : severity,
  firstAt: Math.min(tally?.firstAt ?? at, at),
  lastAt: Math.max(tally?.lastAt ?? at, at),
})

/** Tallies by what they are of, with no more names than there is room for. */
const createTallies = <Of extends object>() => {
  const tallies = new Map<string, Tally & Of>()
  return {
    note: (key: string, of: Of, event: VigiaEvent): void => {
      const known = tallies.get(key)
      if (!known && tallies.size >= MOST_NAMES) return
      tallies.set(key, { ...of, ...add(known, event) })
    },
    /** The most frequent first. */
    top: (most: number): readonly (Tally & Of)[] =>
      [...tallies.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt).slice(0, most),
    keys: (): ReadonlySet<string> => new Set(tallies.keys()),
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Ids of so many events are kept, the newest. */
const MOST_IDS = 500

/** What a target is called: its address, else the port or the jail that it stands for. One key, one target. */
export const targetKey = ({ host, port, jail }: Target): string =>
  host ?? (jail === null ? `port ${port}` : `jail ${jail}`)

/** What the events about one address come to; hand them in newest first. `address` as `readAddress` returns it. */
export const createAddressRecord = (address: string) => {
  const latest: VigiaEvent[] = []
  const predictions: VigiaEvent[] = []
  const correlations: VigiaEvent[] = []
  const bans: VigiaEvent[] = []
  const kinds = createTallies<Pick<KindTally, 'kind' | 'isAbout'>>()
  const targets = createTallies<Target>()
  const contacts = createTallies<Pick<ContactTally, 'address'>>()
  const hours = new Set<number>()
  const ids: number[] = []
  const counts = { about: 0, touched: 0, predictions: 0, correlations: 0 }
  let all: Tally | undefined
  let said: SaidPlace = { country: null, owner: null, asn: null }

  const noteAbout = (event: VigiaEvent) => {
    const { type, data } = event
    counts.about++
    said = {
      country: said.country ?? text(data.country),
      owner: said.owner ?? text(data.owner),
      asn: said.asn ?? (typeof data.asn === 'number' ? data.asn : null),
    }
    hours.add(Math.floor(event.at / HOUR_MS))
    if (type === ML_PREDICTION && counts.predictions++ < KEPT.predictions) predictions.push(event)
    if (type === CORRELATION && counts.correlations++ < KEPT.correlations) correlations.push(event)
    const isBan = type === 'fail2ban_ban' || type === 'fail2ban_action'
    if (isBan && bans.length < KEPT.bans) bans.push(event)
    // The end of a ban touches nothing, and a story repeats its members.
    if (type === 'fail2ban_action' || type === CORRELATION) return
    for (const target of targetsOf(event, address))
      targets.note(`${targetKey(target)} ${target.port} ${target.jail}`, target, event)
  }

  /** True where the event is about the address, or about who touched it; one that only mentions it is left out. */
  const note = (event: VigiaEvent): boolean => {
    const about = addressOf(event)
    const isAbout = about === address
    if (!isAbout && !targetsOf(event, about).some(({ host }) => host === address)) return false
    const kind = eventKind({ ...event.data, type: event.type }).slice(0, LONGEST_KIND)
    kinds.note(`${isAbout} ${kind}`, { kind, isAbout }, event)
    all = add(all, event)
    if (ids.length < MOST_IDS) ids.push(event.id)
    if (latest.length < KEPT.latest) latest.push(event)
    if (isAbout) noteAbout(event)
    else {
      counts.touched++
      if (about !== undefined) contacts.note(about, { address: about }, event)
    }
    return true
  }

  return {
    note,
    result: () => ({
      all,
      counts,
      kinds: kinds.top(SHOWN.kinds),
      latest,
      /** Of the newest events. */
      ids,
      predictions,
      correlations,
      bans,
      targets: targets.top(SHOWN.targets),
      contacts: contacts.top(SHOWN.contacts),
      said,
      /** Hours since 1970 in which something happened about it. */
      hours,
    }),
  }
}

export type AddressRecord = ReturnType<ReturnType<typeof createAddressRecord>['result']>
