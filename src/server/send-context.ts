import { guardOf } from '#config/channel-book.ts'
import type { SendContext } from '#core/channel.ts'
import type { Channel } from '#core/channel-spec.ts'
import type { SettingsBook } from '#storage/server-settings.ts'

/** What a channel may use to send and to hear: the environment, and no address that is forbidden to it. */
export const createSendContext =
  (environment: Readonly<Record<string, string | undefined>>, settings: Pick<SettingsBook, 'get'>) =>
  (channel: Channel): Omit<SendContext, 'signal' | 'timeoutMs' | 'references'> => ({
    environment,
    ...guardOf(channel, () => ({ allowed: settings.get().allowed_channel_targets })),
  })
