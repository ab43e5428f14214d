import { channelTypes } from '#channels/index.ts'
import type { Attention } from '#core/alert/attention.ts'
import type { DutyRota } from '#core/duty/duty.ts'
import { personWho } from '#core/duty/duty-call.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { alertOfToken } from '#lib/ack-token.ts'
import type { Random } from '#lib/time/chance.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import { type ActDeps, createAct, createReceivers, type ReceiverDeps, type Receivers } from '#pipeline/tell/receive.ts'
import type { Faults } from './faults.ts'
import type { ServerOptions } from './options.ts'

export interface ButtonDeps extends Pick<ServerOptions, 'listen' | 'log'> {
  readonly place: ActDeps['place']
  readonly sendContext: (channel: Channel) => Omit<ReturnType<ReceiverDeps['contextOf']>, 'random'>
  readonly registry: Pick<Registry, 'channels'>
  readonly attention: Attention
  /** Who is on duty: a press of one of them is theirs. */
  readonly duty: () => DutyRota
  readonly ackKey: string | undefined
  readonly now: () => number
  readonly timers: Timers
  readonly random: Random
  readonly faults: Faults
}

/** Hears what people press under the messages in their chats. */
export const createButtons = (deps: ButtonDeps): Receivers => {
  const { listen, place, registry, attention, ackKey, now, faults, log } = deps
  return createReceivers({
    channelTypes,
    channels: () => (listen ? registry.channels() : []),
    contextOf: (channel) => ({ ...deps.sendContext(channel), random: deps.random }),
    act: createAct({
      attention,
      alertOfToken: (token) => alertOfToken(ackKey, token),
      now,
      place,
      personWho: (press) => personWho(deps.duty(), press),
    }),
    onTrouble: (channels, trouble) => {
      if (trouble) log.warn({ channels, trouble }, 'buttons of these channels are not heard at present')
      else log.info({ channels }, 'buttons of these channels are heard again')
    },
    onBug: faults.passing,
    timers: deps.timers,
  })
}
