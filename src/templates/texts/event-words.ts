/** How many monitors are how. */
export interface DayCounts {
  readonly up: number
  readonly degraded: number
  readonly down: number
  readonly unknown: number
}

/** Fields of events that are known by name to every reader. */
type EventField =
  | 'ip'
  | 'destination'
  | 'domain'
  | 'server_name'
  | 'jail'
  | 'expiry'
  | 'seen'
  | 'protocol'
  | 'country'
  | 'owner'
  | 'generator_url'

/** What events are called, and what is said of them, in one language. */
export interface EventWords {
  /** What an event is called, by its kind; undefined: its kind in words. */
  readonly eventTitles: Readonly<Record<string, (subject: string) => string>>
  /** What its end is called, where that has a name of its own. */
  readonly endTitles: Readonly<Record<string, (subject: string) => string>>
  /** The subject of an event as its title says it. */
  readonly eventSubject: (subject: string) => string
  /** So many events in what time: `20 addresses in 10 min`. */
  readonly often: (count: number, within: string, distinct: string | undefined) => string
  /** What many bans are called. */
  readonly banWave: string
  /** What fields of events are called; others stand under their own names. */
  readonly fields: Readonly<Record<EventField, string>>
  /** What is open and how all monitors are, once a day. */
  readonly day: {
    readonly name: string
    readonly open: (count: number) => string
    readonly openLine: (count: number, subjects: string) => string
    readonly monitors: (counts: DayCounts) => string
  }
}
