import type { Channel } from '#core/message/channel-spec.ts'
import { type SentBefore, STORM_MS } from '#core/message/gather.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import type { Repositories } from '#storage/index.ts'
import { type Left, type Share, type ShareOf, sentTo } from './shares.ts'

/** What messages of one group have in common. */
export const groupOf = (labels: NotificationFacts['labels'], by: readonly string[]): string =>
  by.map((name) => labels[name] ?? '').join('\u0000')

/** It belongs to no group. */
export const isAlone = ({ aboutServer, notice }: NotificationFacts): boolean =>
  aboutServer === true || notice !== undefined

/** What only some hear of a channel that passes on. */
export interface Hearing {
  readonly share: Share
  readonly of: ShareOf
  /** What leaves in this turn already. */
  readonly leaving: readonly Left[]
}

/** What those of a share were sent before: the others' messages limit them in nothing. */
export const sentToShare = async (
  { id, rateLimit, group }: Channel,
  { share, of, leaving }: Hearing,
  now: number,
  { notifications }: Repositories,
): Promise<SentBefore> => {
  const theirs = ({ payload }: { readonly payload: NotificationFacts }) => of(payload.labels).key === share.key
  const grouped = group ? (await notifications.deliveredSince(id, now - group.intervalMs)).filter(theirs) : []
  const left = rateLimit ? await notifications.leftSince(id, now - rateLimit.perMs, now) : []
  return {
    sentAt: sentTo(share, [...left, ...leaving], of),
    openedAt: (await notifications.openingsSince(id, now - STORM_MS)).filter(theirs).map(({ at }) => at),
    groupSentAt: new Map(
      group
        ? grouped
            .filter((one) => !isAlone(one.payload))
            .map(({ payload, at }) => [groupOf(payload.labels, group.by), at])
        : [],
    ),
  }
}

/** What a channel was sent before. */
export const sentBefore = async (
  { id, rateLimit, group }: Channel,
  now: number,
  { notifications }: Repositories,
): Promise<SentBefore> => {
  const groupSentAt = new Map<string, number>()
  if (group)
    for (const { payload, at } of await notifications.deliveredSince(id, now - group.intervalMs))
      if (!isAlone(payload)) groupSentAt.set(groupOf(payload.labels, group.by), at)
  return {
    sentAt: rateLimit ? await notifications.sentAt(id, now - rateLimit.perMs, now) : [],
    openedAt: await notifications.openedAt(id, now - STORM_MS),
    groupSentAt,
  }
}
