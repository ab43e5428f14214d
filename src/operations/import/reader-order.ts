import type { Cause } from '#core/cause/cause.ts'
import type { StorageFault } from '#storage/storage-error.ts'
import type { PreparedThings } from './prepare.ts'

/** What the thread is to read: files of another tool, and the store that they would come into. */
export interface ReaderOrder {
  /** The file or folder. */
  readonly given: string
  /** `--from`. */
  readonly kind?: string | undefined
  readonly timeZone: string
  /** The server's, ms. */
  readonly now: number
  readonly columns?: Readonly<Record<string, string>> | undefined
  /** What holds for each monitor of a list, and the channels of ours by which they are told. */
  readonly each?: Readonly<Record<string, unknown>> | undefined
  readonly told?: readonly string[] | undefined
  /** Take out what an earlier import brought and the source has no more. */
  readonly prune: boolean
  /** Where its files lay: with that and their names later imports know this source. */
  readonly source: string
  readonly store: { readonly dataDir: string; readonly databaseUrl?: string | undefined }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The file in which history is made ready to be stored; undefined: only the plan is asked for. */
  readonly stage?: string | undefined
}

/** How many things of each kind an import would create, change, and so on. */
export interface PlanCounts {
  readonly created: number
  readonly changed: number
  readonly same: number
  readonly left: number
  readonly surplus: number
  readonly down: number
  /** Whether something is known of earlier times. */
  readonly history: boolean
}

/** Some of the things that come in, in their order: so many at once as keep a turn short. */
export type ReaderAnswer =
  | { readonly kind: 'progress'; readonly words: string }
  | { readonly kind: 'refused'; readonly body: string }
  | { readonly kind: 'planned'; readonly body: string; readonly counts: PlanCounts }
  | { readonly kind: 'items'; readonly items: PreparedThings['items'] }
  | {
      readonly kind: 'staged'
      readonly rest: Omit<PreparedThings, 'items'>
      /** The newest entry of the audit log when the store was read: what was changed since makes the plan stale. */
      readonly seen: number
    }
  /** The store does not answer, or the disk takes nothing: it may be tried again. */
  | { readonly kind: 'failed'; readonly fault: StorageFault; readonly said: Cause }
  | { readonly kind: 'days'; readonly days: readonly StagedDay[] }

/** A day of history, made ready to be stored. */
export interface StagedDay {
  /** By its name here. */
  readonly monitor: string
  readonly day: number
  readonly body: string
}
