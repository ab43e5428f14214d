import type { ChannelType, PassedOn } from '#core/channel.ts'
import type { DutyRota } from '#core/duty/duty.ts'
import { type DutyCall, dutyCall } from '#core/duty/duty-call.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'

type Labels = NotificationFacts['labels']

/** Who hears of a message of a channel that passes on: limits count for each of them, and not for all together. */
export interface Share {
  /** The same for what the same people hear by the same list: only that becomes one message. */
  readonly key: string
  /** People, and channels that are nobody's. */
  readonly units: readonly string[]
}

export type ShareOf = (labels: Labels) => Share

export interface SharesDeps {
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  /** Who is on duty; absent: nobody is ever. */
  readonly duty?: { readonly rota: () => DutyRota; readonly timeZone: () => string } | undefined
}

const unitOf = ({ person, channel }: Pick<PassedOn, 'person' | 'channel'>): string => person ?? `#${channel}`

const shareOf = (call: DutyCall | undefined): Share => {
  const units = (call?.called ?? []).map(({ person }) => person).sort()
  const nobody = (call?.fallback ?? []).map((channel) => unitOf({ person: null, channel }))
  const all = units.length > 0 ? units : nobody
  return { key: JSON.stringify([call?.list, all]), units: all }
}

/** Who hears of what at a moment, ms, by a channel that passes on; undefined for one that reaches people by itself. */
export const sharesOf = (
  { type, options }: Pick<Channel, 'type' | 'options'>,
  now: number,
  { channelTypes, duty }: SharesDeps,
): ShareOf | undefined => {
  const lists = duty && channelTypes.get(type)?.passesOnTo?.(options as never)
  if (!lists) return undefined
  return (labels) => shareOf(dutyCall(lists, duty.rota(), labels, now, duty.timeZone()))
}

/** A message that left, or is about to. */
export interface Left {
  readonly at: number
  /** To whom it went; absent while that is not known. */
  readonly via?: readonly PassedOn[] | undefined
  readonly labels: Labels
}

/** When those of a share were sent something, ms: of several the one who was sent most, for all of them hear the next. */
export const sentTo = ({ units }: Share, left: readonly Left[], of: ShareOf): readonly number[] => {
  const times = new Map<string, number[]>(units.map((unit) => [unit, []]))
  for (const { at, via, labels } of left) {
    const reached = via?.filter(({ why }) => why !== 'told_there').map(unitOf) ?? of(labels).units
    for (const unit of new Set(reached)) times.get(unit)?.push(at)
  }
  return [...times.values()].reduce((most, one) => (one.length > most.length ? one : most), [])
}

/** What all of these say alike: whoever hears of each of them hears of what says that. */
export const commonLabels = (all: readonly Labels[]): Labels =>
  Object.fromEntries(
    Object.entries(all[0] ?? {}).filter(([name, value]) => all.every((labels) => labels[name] === value)),
  )
