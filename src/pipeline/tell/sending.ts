import type { Channel } from '#core/message/channel-spec.ts'
import type { Notification } from '#core/message/notification.ts'
import type { Want } from './exchange.ts'
import { createLane, type Lane } from './lane.ts'
import { SEND_TIMEOUT_MS, type Sent } from './send.ts'

export interface SendingDeps {
  readonly now: () => number
  readonly channelOf: (id: number) => Channel | undefined
  /** How many of a channel's type may be under way at once. */
  readonly concurrencyOf: (channel: Channel) => number
  /** Sends one; undefined: not now, after all. */
  readonly send: (notification: Notification, channel: Channel | undefined) => Promise<Sent | undefined>
  /** An attempt has ended. */
  readonly onSent: (notification: Notification, channel: Channel | undefined, sent: Sent) => void
  /** It was not tried, and is to go back to the outbox. */
  readonly giveBack: (id: number) => void
  /** Something can be written down; `hungry`: and more can be taken. */
  readonly onProgress: (hungry: boolean) => void
}

/** The lanes of the channels, and what is under way on them. */
export const createSending = (deps: SendingDeps) => {
  const { now, channelOf, send, onSent, giveBack, onProgress } = deps
  const lanes = new Map<number, Lane>()
  const underWay = new Set<Promise<void>>()
  let stopping = false

  const concurrencyOf = (channelId: number): number => {
    const channel = channelOf(channelId)
    return channel ? deps.concurrencyOf(channel) : 1
  }

  const laneOf = (channelId: number): Lane => {
    const lane = lanes.get(channelId) ?? createLane()
    lanes.set(channelId, lane)
    return lane
  }

  const launch = (notification: Notification, lane: Lane) => {
    const channel = channelOf(notification.channelId)
    const work = send(notification, channel).then((sent) => {
      underWay.delete(work)
      lane.done()
      if (sent) onSent(notification, channel, sent)
      else giveBack(notification.id)
      advance(notification.channelId, lane)
      onProgress(lane.hungry())
    })
    underWay.add(work)
  }

  /** Sends what is ready, as many at once as the channel takes. */
  const advance = (channelId: number, lane: Lane) => {
    const concurrency = concurrencyOf(channelId)
    while (!stopping) {
      const notification = lane.next(concurrency)
      if (!notification) return
      if ((notification.leaseUntil ?? 0) - now() > SEND_TIMEOUT_MS) launch(notification, lane)
      else {
        // It waited too long here: its lease would end while it is being sent.
        lane.done()
        giveBack(notification.id)
        onProgress(false)
      }
    }
  }

  return {
    /** How many more the lanes of these channels would take. */
    wantsOf: (channelIds: readonly number[]): readonly Want[] =>
      channelIds
        .map((channelId) => ({ channelId, limit: laneOf(channelId).wants(concurrencyOf(channelId)) }))
        .filter(({ limit }) => limit > 0),

    /** Sends these, each behind what its channel has before it. */
    fill: (taken: readonly Notification[]): void => {
      for (const [channelId, portion] of Map.groupBy(taken, ({ channelId }) => channelId)) {
        const lane = laneOf(channelId)
        lane.fill(portion, now())
        advance(channelId, lane)
      }
    },

    /** Begins nothing any more, and gives back what has not begun. */
    stop: (): void => {
      stopping = true
      for (const lane of lanes.values()) for (const { id } of lane.empty()) giveBack(id)
    },

    /** How many are under way. */
    count: (): number => underWay.size,

    /** Resolves when those that are under way now have ended. */
    ended: async (): Promise<void> => {
      await Promise.allSettled(underWay)
    },
  }
}
