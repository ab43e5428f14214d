import type { JsonObject } from '#lib/json.ts'
import type { Severity } from '../event/severity.ts'
import type { Language } from './message.ts'
import type { TextSetName } from './text-set.ts'

/** A configured destination, without the id that storage gives it. */
export interface ChannelSpec {
  readonly name: string
  readonly type: string
  readonly options: JsonObject
  readonly description?: string
  /** Absent: the server's. */
  readonly language?: Language
  readonly timeZone?: string
  /** Words of an older tool; absent: ours. */
  readonly texts?: TextSetName
  /** At most `count` messages per `perMs`; the rest is told by one digest at the window's end. */
  readonly rateLimit?: { readonly count: number; readonly perMs: number }
  /** This severity and above pass rate limit, grouping and quiet hours. */
  readonly urgent?: Severity
  /** Messages about the same values of labels are gathered to one. */
  readonly group?: { readonly by: readonly string[]; readonly waitMs: number; readonly intervalMs: number }
  /** Hours (`HH:MM` in the channel's zone) in which what is less severe than `below` waits. */
  readonly quiet?: { readonly from: string; readonly to: string; readonly below?: Severity }
  /** Another channel, by name, that sends what this one could not for so long. */
  readonly fallback?: { readonly to: string; readonly afterMs: number }
  readonly enabled: boolean
  /** `file:line` for an object that a file owns. */
  readonly origin?: string
}

/** What changes of a channel; `undefined` takes a field away. */
export type ChannelChange = { readonly [Field in keyof ChannelSpec]?: ChannelSpec[Field] | undefined }

/** The fields that are set, after a change that took some away. */
export const definedFields = <T extends object>(fields: T): { [Field in keyof T]: Exclude<T[Field], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never

export interface Channel extends ChannelSpec {
  readonly id: number
  /** Its secrets cannot be read: the key that sealed them is missing. It cannot send. */
  readonly locked?: boolean
}
