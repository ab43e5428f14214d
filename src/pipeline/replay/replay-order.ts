import type { Monitor } from '#core/monitor/monitor.ts'
import type { WrittenRule } from '#core/rule/rule-spec.ts'
import type { Quiets } from '../decide/quiets.ts'

/** One configuration of the two that are compared. */
export interface ReplaySide {
  /** Those that are looked at, with the ids under which their results are stored, and without their options. */
  readonly monitors: readonly Monitor[]
  readonly rules: readonly WrittenRule[]
  /** Ids of the channels that send, by their names. */
  readonly channels: readonly { readonly id: number; readonly name: string }[]
}

/** What the thread of a replay is told. Times in ms. */
export interface ReplayOrder {
  /** Files of the store. */
  readonly path: string
  readonly historyPath: string
  readonly from: number
  readonly to: number
  readonly tooOldMs: number
  readonly before: ReplaySide
  readonly after: ReplaySide
  /** Silences and windows of that time. */
  readonly quiets: Quiets
}

/** An outage that is told at another time, or no more. */
export interface ReplayedOutage {
  readonly monitor: string
  readonly since: number
  /** When it ended; null while it lasts. */
  readonly until: number | null
}

/** Why nobody would hear of an outage that was told. */
type HiddenWhy = 'not_down' | 'nobody' | 'held'

/** What the other configuration would have told over the same results and events. */
export interface ReplayReport {
  readonly from: number
  readonly to: number
  readonly monitors: number
  readonly results: number
  readonly events: number
  /** Messages before they are gathered, by channel. */
  readonly messages: readonly { readonly channel: string; readonly before: number; readonly after: number }[]
  readonly later: readonly (ReplayedOutage & { readonly byMs: number })[]
  readonly earlier: readonly (ReplayedOutage & { readonly byMs: number })[]
  readonly hidden: readonly (ReplayedOutage & { readonly why: HiddenWhy })[]
  /** Told by what they are reached through. */
  readonly behindParent: readonly ReplayedOutage[]
  readonly fresh: readonly ReplayedOutage[]
  /** Outages told in both at the same time. */
  readonly same: number
  /** Monitors without a result of that time. */
  readonly unseen: readonly string[]
  /** Since when single results are there, where that is later than asked. */
  readonly resultsSince: number | null
}
