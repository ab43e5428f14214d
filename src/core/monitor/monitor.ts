import type { JsonObject } from '#lib/json.ts'
import type { Cause } from '../cause/cause.ts'
import type { Severity } from '../event/severity.ts'

export const STATES = ['up', 'degraded', 'down', 'unknown'] as const
export type State = (typeof STATES)[number]

/** `count` failures among the last `of` results; `of === count` means in a row. */
export interface Threshold {
  readonly count: number
  readonly of: number
}

/** Bounds on the quality of a target over a window; ms, loss 0 to 1. */
export interface QualityBounds {
  readonly loss?: number
  readonly rttP95Ms?: number
  readonly jitterMs?: number
}

/** Quality judged over the last `overMs`: it is poor from `begin` on, at or above, and good again below `clear`. */
export interface QualityWindow {
  readonly overMs: number
  readonly begin: QualityBounds
  readonly clear: QualityBounds
}

/** When a target that answers is degraded all the same. */
export interface DegradedThresholds {
  /** A single answer slower than this, ms. */
  readonly latencyMs?: number
  readonly window?: QualityWindow
}

/** Why somebody paused a monitor, and until when. */
export interface Pause {
  readonly by: string
  readonly reason: string
  /** Ms; null: until somebody lets it go on. */
  readonly until: number | null
}

/** Something we watch. Durations in milliseconds. */
export interface Monitor {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly options: JsonObject
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly failures: Threshold
  readonly successes: Threshold
  /** Interval after a first failure until the verdict. */
  readonly retryIntervalMs: number
  /** Interval while down. */
  readonly recoveryIntervalMs: number
  /** `hourly` clears the failure count when the hour begins, as an older tool did. */
  readonly resetFailures: 'never' | 'hourly'
  readonly degraded?: DegradedThresholds
  readonly severity: Severity
  readonly degradedSeverity: Severity
  readonly labels: Readonly<Record<string, string>>
  readonly description?: string
  readonly location?: string
  /** Where it is on a map, degrees. */
  readonly lat?: number
  readonly lon?: number
  readonly runbook?: string
  /** What it is reached through, by name: it is cut off when all of any group is down. */
  readonly parents?: readonly (readonly string[])[]
  /** Names of the channels that hear of it. */
  readonly channels: readonly string[]
  /** Waits between reminders; the last goes on. Empty for none. */
  readonly reminderMs: readonly number[]
  readonly notifyRecovery: boolean
  /** False tells every change, however often it changes. */
  readonly flapping?: boolean
  readonly paused: boolean
  /** Of one that is paused by hand. */
  readonly pause?: Pause
  /** Since when it is paused by hand, ms; absent where that is not known. */
  readonly pausedAt?: number
  /** Why it is not looked at: its secrets cannot be opened. */
  readonly locked?: Cause
  /** `file:line` for an object that a file owns; absent for one made through the API. */
  readonly origin?: string
}

/** A monitor without the id that storage gives it. */
export type MonitorSpec = Omit<Monitor, 'id' | 'locked' | 'pause' | 'pausedAt'>
