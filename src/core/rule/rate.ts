import { createHash } from 'node:crypto'
import type { VigiaEvent } from '../event/event.ts'
import { fieldReader } from './condition-field.ts'
import { textOf } from './condition-values.ts'

export interface RateOptions {
  /** So many events, or distinct values, make the condition hold. */
  readonly atLeast: number
  /** Length of the window, ms. */
  readonly withinMs: number
  /** Dotted path of a field: count its different values instead of events. Events without it do not count. */
  readonly distinct?: string
  /** Dotted paths of fields that are counted apart; absent: the event's subject. */
  readonly by?: readonly string[]
}

export interface RateLimits {
  /** Subjects remembered at once. */
  readonly subjects: number
  /** Events or values remembered at once, over all subjects. */
  readonly entries: number
}

interface RateOutcome {
  /** Events or distinct values in the subject's window; stops at `MOST_PER_SUBJECT`. 0: this one does not count. */
  readonly count: number
  readonly reached: boolean
}

export type RateEvent = Pick<VigiaEvent, 'subject' | 'at' | 'receivedAt' | 'data'>

export interface Rate {
  /** Counts an event. What takes it back is handed to `undo`: an event that could not be stored never was. */
  observe(event: RateEvent, undo?: (takeBack: () => void) => void): RateOutcome
  /** `evicted`: subjects that were forgotten within their window to stay within the limits. */
  stats(): { readonly subjects: number; readonly entries: number; readonly evicted: number }
}

/** `value` is there when distinct values count. */
interface Entry {
  readonly at: number
  readonly value: string | undefined
}

/** More than this of one subject is told as this. */
export const MOST_PER_SUBJECT = 1000
const DEFAULT_LIMITS: RateLimits = { subjects: 50_000, entries: 200_000 }
const LONGEST_KEY = 100
const NOT_COUNTED: RateOutcome = { count: 0, reached: false }

/** The same text for the same value, short whatever an event holds. */
const keyOf = (value: unknown): string => {
  const text = `${typeof value}:${textOf(value ?? null) ?? 'too deep'}`
  return text.length <= LONGEST_KEY ? text : createHash('sha256').update(text).digest('base64')
}

/** Takes in an entry in the order of time; late ones find their place. */
const insert = (entries: Entry[], entry: Entry) => {
  let index = entries.length
  while (index > 0 && entries[index - 1]!.at > entry.at) index--
  entries.splice(index, 0, entry)
}

/** How many entries at the front are no later than `time`. */
const countUpTo = (entries: readonly Entry[], time: number): number => {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (entries[middle]!.at <= time) low = middle + 1
    else high = middle
  }
  return low
}

const placeOf = (entries: readonly Entry[], wanted: string | undefined): number =>
  wanted === undefined ? -1 : entries.findIndex(({ value }) => value === wanted)

/** Adds an event to what is known; a value seen again only moves forward in time. Returns what it takes the place of. */
const add = (entries: Entry[], entry: Entry): readonly Entry[] => {
  const known = placeOf(entries, entry.value)
  if (known >= 0 && entries[known]!.at >= entry.at) return []
  const replaced = known >= 0 ? entries.splice(known, 1) : []
  insert(entries, entry)
  return replaced
}

/** Subjects seen in one stretch of time, and how many entries they hold together. */
interface Generation {
  readonly subjects: Map<string, Entry[]>
  entries: number
}

const newGeneration = (): Generation => ({ subjects: new Map(), entries: 0 })

/**
 * "At least N events (or N distinct values of a field) within a window, per subject": a sliding window over (t − within,
 * t], where t is the time of the subject's newest event, no later than its arrival, so that a wrong clock cannot open a
 * window in the future. Events may come out of order; what comes later than the window is long is not counted.
 *
 * Memory is bounded: subjects live in two generations, and the one that was seen longest ago goes as a whole, once its
 * windows are over or when room is needed; the latter is counted.
 */
export const createRate = (
  { atLeast, withinMs, distinct, by }: RateOptions,
  limits: RateLimits = DEFAULT_LIMITS,
): Rate => {
  const readValue = distinct === undefined ? undefined : fieldReader(distinct)
  const readKeys = by?.map(fieldReader)
  const most = Math.max(atLeast, MOST_PER_SUBJECT)
  let recent = newGeneration()
  let previous = newGeneration()
  let rotatedAt = Number.NEGATIVE_INFINITY
  let evicted = 0

  // A window without length would hold nothing, not even the event that was just counted.
  const lengthMs = Math.max(1, withinMs)
  const windowStart = (entries: readonly Entry[]): number => entries.at(-1)!.at - lengthMs

  const rotate = (now: number) => {
    for (const entries of previous.subjects.values()) if (entries.at(-1)!.at > now - withinMs) evicted++
    previous = recent
    recent = newGeneration()
    rotatedAt = now
  }

  const makeRoom = (now: number) => {
    const full = recent.subjects.size > limits.subjects / 2 || recent.entries > limits.entries / 2
    // Set back, the clock would put off the next turn for as long.
    if (full || now - rotatedAt >= withinMs || now < rotatedAt - withinMs) rotate(now)
  }

  /** The subject's entries, taken out of their generation. */
  const take = (key: string): Entry[] => {
    for (const generation of [recent, previous]) {
      const entries = generation.subjects.get(key)
      if (!entries) continue
      generation.subjects.delete(key)
      generation.entries -= entries.length
      return entries
    }
    return []
  }

  const put = (key: string, entries: Entry[]) => {
    recent.subjects.set(key, entries)
    recent.entries += entries.length
  }

  /** Takes the entry into the window. Returns those that left it; undefined when it comes too late for it. */
  const include = (entries: Entry[], entry: Entry, now: number): readonly Entry[] | undefined => {
    // This arrives now, and yet before the window: the server's clock was set back, so the old times mean nothing.
    const meaningless = entries.length > 0 && now <= windowStart(entries) ? entries.splice(0) : []
    if (entries.length > 0 && entry.at <= windowStart(entries)) return undefined
    const replaced = add(entries, entry)
    const over = Math.max(countUpTo(entries, windowStart(entries)), entries.length - most)
    return [...meaningless, ...(over > 0 ? entries.splice(0, over) : []), ...replaced]
  }

  /** Whatever came after it stays, and what it put out of the window is in it again. */
  const takeBack = (key: string, entry: Entry, gone: readonly Entry[]) => {
    const entries = take(key)
    const place = entries.indexOf(entry)
    if (place >= 0) entries.splice(place, 1)
    for (const one of gone) if (placeOf(entries, one.value) < 0) insert(entries, one)
    if (entries.length > 0) put(key, entries)
  }

  return {
    observe: ({ subject, at, receivedAt, data }, undo) => {
      const value = readValue?.(data)
      if (readValue && (value === undefined || value === null)) return NOT_COUNTED
      const key = readKeys?.map((read) => keyOf(read(data))).join('\n') ?? keyOf(subject)
      makeRoom(receivedAt)
      const entries = take(key)
      const entry = { at: Math.min(at, receivedAt), value: readValue && keyOf(value) }
      const gone = include(entries, entry, receivedAt)
      put(key, entries)
      if (gone === undefined) return NOT_COUNTED
      undo?.(() => takeBack(key, entry, gone))
      return { count: entries.length, reached: entries.length >= atLeast }
    },
    stats: () => ({
      subjects: recent.subjects.size + previous.subjects.size,
      entries: recent.entries + previous.entries,
      evicted,
    }),
  }
}
