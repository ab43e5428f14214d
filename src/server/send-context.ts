import { guardOf } from '#config/channel-guard.ts'
import type { SendContext } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Systems } from './systems.ts'
import type { Targets } from './targets.ts'

/** What a channel may use to send and to hear: the environment, time, and no address that is forbidden to it. */
export const createSendContext =
  (
    environment: Readonly<Record<string, string | undefined>>,
    targets: Pick<Targets, 'ofChannels'>,
    resolve: NonNullable<SendContext['resolve']>,
    { clock, timers }: Pick<Systems, 'clock' | 'timers'>,
    vapid: NonNullable<SendContext['vapid']>,
  ) =>
  (channel: Channel): Omit<SendContext, 'signal' | 'timeoutMs' | 'references'> => ({
    environment,
    resolve,
    now: clock.now,
    timers,
    vapid,
    ...guardOf(channel, targets.ofChannels),
  })
