import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import type { Cause } from '#core/cause/cause.ts'
import type { ImportedSpan } from '#storage/imported-history.ts'

/** Where in a source something stands: a file and its line, or a table and its row. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly table?: string
  readonly row?: number | string
}

/** `kuma.db monitor 12`, `hosts.cfg:7`. */
export const placeText = ({ file, line, table, row }: Place): string => {
  if (table !== undefined) return row === undefined ? `${file} ${table}` : `${file} ${table} ${row}`
  return line === undefined ? file : `${file}:${line}`
}

/** One thing that comes in, in the words of the configuration file. */
export interface Found<Entry> {
  readonly entry: Entry
  readonly place: Place
  /** What it is known by there, however it is called; absent: its name. */
  readonly key?: string
  /** What of it comes in otherwise than it was. */
  readonly notes?: readonly Cause[]
}

/** A rule as the API takes it. */
export type RuleEntry = { readonly name: string; readonly type: string } & Readonly<Record<string, unknown>>
/** A window of planned work as the configuration file says it. */
export type WindowEntry = { readonly name: string } & Readonly<Record<string, unknown>>

/** What cannot come in, and why. */
export interface Left {
  readonly what: string
  readonly place: Place
  readonly why: Cause
}

/** A monitor that was down there, by its name. */
export interface WasDown {
  readonly monitor: string
  readonly place: Place
  /** When that began, ms; null: nobody knows. */
  readonly since: number | null
  /** When people were told of it, ms; null: nobody knows, and somebody was. */
  readonly toldAt: number | null
  /** What the other tool said of it. */
  readonly said?: string
}

/** How a monitor went there, by its name: its changes in their order, the last one over by now. */
export interface PastChanges {
  readonly monitor: string
  /** Times in ms. */
  readonly changes: readonly { readonly to: 'up' | 'down' | 'unknown'; readonly at: number }[]
}

/** What was known of one monitor, by its name: no two stretches overlap. */
export interface MonitorHistory {
  readonly monitor: string
  readonly spans: readonly ImportedSpan[]
}

/** A table of a source, and what its columns are taken for: people may say otherwise. */
export interface SeenTable {
  readonly file: string
  /** Null: its first row is one like the others. */
  readonly titles: readonly string[] | null
  /** Which column holds what, by its number from 0. */
  readonly columns: Readonly<Partial<Record<string, number>>>
  /** The first of its rows. */
  readonly rows: readonly (readonly string[])[]
}

/** All that a source holds, as it would come in. */
export interface ImportPlan {
  /** Of which importer. */
  readonly kind: string
  /** The tool, for people. */
  readonly tool: string
  readonly monitors?: readonly Found<MonitorEntry>[]
  readonly channels?: readonly Found<ChannelEntry>[]
  readonly rules?: readonly Found<RuleEntry>[]
  readonly maintenance?: readonly Found<WindowEntry>[]
  readonly down?: readonly WasDown[]
  readonly past?: readonly PastChanges[]
  readonly left?: readonly Left[]
  /** What people should know that is about no one thing. */
  readonly remarks?: readonly Left[]
  /** Further sections of a configuration file, for who writes one. */
  readonly sections?: Readonly<Record<string, unknown>>
  /** Channels that there are here by which all of its monitors are told. */
  readonly told?: readonly string[]
  /** Of a list: the table that was read. */
  readonly table?: SeenTable
  /** Read once, when it is stored: there may be much of it. */
  readonly history?: () => Iterable<MonitorHistory>
  /** Lets go of what the source holds open. */
  readonly close?: () => void
}

/** Why a source, or a part of it, is not read at all. */
export interface Refused {
  readonly place: Place
  readonly why: Cause
  /** Of a list: the table of which nobody knows which column holds what. */
  readonly table?: SeenTable
}

/** Ends the reading of a source: what is wrong with it as a whole, for people. */
export class SourceError extends Error {
  readonly place: Place
  readonly why: Cause
  readonly table?: SeenTable
  constructor(place: Place, why: Cause, table?: SeenTable) {
    super(`${placeText(place)}: ${why.code}`)
    this.place = place
    this.why = why
    if (table) this.table = table
  }
}

/** What a reader may ask beside the source itself. */
export interface ReadingContext {
  /** The zone in which the other tool wrote times without one. */
  readonly timeZone: string
  /** Ms. */
  readonly now: number
  /** Columns of a list by what they hold, as people say it: `{ address: 'IP' }`. */
  readonly columns?: Readonly<Record<string, string>>
  /** What holds for each monitor of a list that says nothing else, in the words of the file. */
  readonly each?: Readonly<Record<string, unknown>>
  /** Whether programs of this machine may read files of the source: never those that somebody sends. */
  readonly programs?: boolean
  /** Where archives are unpacked; absent: where the system keeps what is temporary. */
  readonly scratch?: string
  /** Hears how far a long reading is. */
  readonly progress?: (words: string) => void
}
