import { isObject } from '#lib/json.ts'

type Values = Readonly<Record<string, unknown>>

const objectsOf = (value: unknown): Values[] =>
  Array.isArray(value) ? value.filter((one): one is Values => isObject(one)) : []

/** Hours of each day in which messages wait. */
export interface QuietHours {
  readonly from: string
  readonly to: string
  /** Of its times; Alertmanager's are UTC where it names none. */
  readonly timeZone: string
}

const TIME = /^(?:[01]\d|2[0-4]):[0-5]\d$/
const DAY_BEGINS = '00:00'

/** `24:00` is how the end of a day is written there. */
const clock = (value: unknown): string | undefined => {
  const text = String(value ?? '')
  if (!TIME.test(text)) return undefined
  return text === '24:00' ? DAY_BEGINS : text
}

/** Intervals by their names, as both of its sections write them. */
const intervalsOf = (content: Values): ReadonlyMap<string, readonly Values[]> =>
  new Map(
    ['time_intervals', 'mute_time_intervals'].flatMap((key) =>
      objectsOf(content[key]).map(({ name, time_intervals }) => [String(name), objectsOf(time_intervals)] as const),
    ),
  )

/** The stretches of one interval in the course of a day; undefined where not every day is the same. */
const stretchesOf = (
  parts: readonly Values[],
): { readonly times: readonly (readonly [string, string])[]; readonly zone: string } | undefined => {
  const [part] = parts
  if (!part || parts.length !== 1) return undefined
  const { times, location, ...others } = part
  if (Object.keys(others).length > 0) return undefined
  const read = objectsOf(times).map(({ start_time, end_time }) => [clock(start_time), clock(end_time)] as const)
  if (read.length === 0 || read.some(([from, to]) => from === undefined || to === undefined)) return undefined
  return {
    times: read as readonly (readonly [string, string])[],
    zone: typeof location === 'string' ? location : 'UTC',
  }
}

/** One stretch over midnight is written there as two. */
const joined = (times: readonly (readonly [string, string])[]): readonly [string, string] | undefined => {
  const [one, other] = times.toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (one && !other) return one
  return times.length === 2 && one![0] === DAY_BEGINS && other![1] === DAY_BEGINS ? [other![0], one![1]] : undefined
}

/**
 * What a route's time intervals come to as quiet hours of its channels: muted in them, or active in them alone. Undefined
 * where it has none, or where not every day is the same.
 */
export const quietHoursOf = (content: Values, route: Values): QuietHours | undefined => {
  const muted = Array.isArray(route.mute_time_intervals) ? route.mute_time_intervals.map(String) : []
  const active = Array.isArray(route.active_time_intervals) ? route.active_time_intervals.map(String) : []
  if (muted.length + active.length !== 1) return undefined
  const read = stretchesOf(intervalsOf(content).get(muted[0] ?? active[0]!) ?? [])
  const hours = read && joined(read.times)
  if (!hours || hours[0] === hours[1]) return undefined
  const [from, to] = muted.length === 1 ? hours : [hours[1], hours[0]]
  return { from, to, timeZone: read.zone }
}
