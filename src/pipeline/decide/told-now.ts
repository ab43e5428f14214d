import type { NotifyReason } from '#core/alert/notify-reason.ts'

/** Whom one look has told: by several rules of one event, or of several alerts of one monitor. A second rule adds channels, not a message. */
export interface ToldNow {
  /** A channel is told for this reason. */
  add(channelId: number, reason: NotifyReason): void
  /** A channel knows already that it began. */
  knows(channelId: number): void
  /** Whether a message for this reason would say to a channel what it has heard. */
  has(channelId: number, reason: NotifyReason): boolean
  /** How many messages were told. */
  count(): number
}

/** How it is by now, in one word or another: what is new to one rule may be a change to another one. */
const kindOf = (reason: NotifyReason): string => (reason === 'first' || reason === 'repeat' ? 'news' : reason)

export const createToldNow = (): ToldNow => {
  const told = new Set<string>()
  const knowing = new Set<number>()
  return {
    add: (channelId, reason) => void told.add(`${channelId} ${kindOf(reason)}`),
    knows: (channelId) => void knowing.add(channelId),
    has: (channelId, reason) =>
      told.has(`${channelId} ${kindOf(reason)}`) || (reason === 'first' && knowing.has(channelId)),
    count: () => told.size,
  }
}
