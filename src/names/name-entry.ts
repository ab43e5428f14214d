import type { NameFailure } from './name-failure.ts'
import type { NameSettings } from './name-settings.ts'

/** What is remembered of a name. Times in ms of the monotonic clock. */
export interface NameEntry {
  /** Last known addresses, and when they were found; they go on being used while nobody gives newer ones. */
  readonly addresses: readonly string[] | undefined
  readonly foundAt: number
  /** Until when they hold, and from when on they are asked for anew before that. */
  readonly until: number
  readonly refreshAt: number
  /** Why nothing newer is known, and until when that is believed. */
  readonly failure: NameFailure | undefined
  readonly failedUntil: number
  /** Undefined of what was known before this process began. */
  readonly settings: NameSettings | undefined
}

/** An answer holds for its TTL, but no shorter and no longer than this. */
const SHORTEST_MS = 5000
const LONGEST_MS = 3_600_000
/** The last part of its time, in which an answer that is used is asked for anew. */
const REFRESHED = 0.15
/** An older answer than this is no longer used. */
export const LAST_KNOWN_MS = 7 * 86_400_000

export const between = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)

/** What was found just now; `ttl` in seconds. */
export const foundEntry = (
  addresses: readonly string[],
  ttl: number,
  now: number,
  settings: NameSettings,
): NameEntry => {
  const holds = between(ttl * 1000, SHORTEST_MS, LONGEST_MS)
  return {
    addresses,
    foundAt: now,
    until: now + holds,
    refreshAt: now + holds * (1 - REFRESHED),
    failure: undefined,
    failedUntil: 0,
    settings,
  }
}

/** Nothing newer than `before` was found. */
export const failedEntry = (
  before: NameEntry | undefined,
  failure: NameFailure,
  failedUntil: number,
  settings: NameSettings,
): NameEntry => ({
  addresses: before?.addresses,
  foundAt: before?.foundAt ?? 0,
  until: before?.until ?? 0,
  refreshAt: before?.refreshAt ?? 0,
  failure,
  failedUntil,
  settings,
})

/** What was found before this process began holds no longer: it is asked for, and serves where nobody answers. */
export const earlierEntry = (addresses: readonly string[], foundAt: number): NameEntry => ({
  addresses,
  foundAt,
  until: Number.NEGATIVE_INFINITY,
  refreshAt: Number.NEGATIVE_INFINITY,
  failure: undefined,
  failedUntil: Number.NEGATIVE_INFINITY,
  settings: undefined,
})

export const mayServe = ({ addresses, foundAt }: NameEntry, now: number): boolean =>
  addresses !== undefined && now - foundAt < LAST_KNOWN_MS
