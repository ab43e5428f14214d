import type { ChannelType } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Sealer } from '#storage/seal.ts'
import { openSecrets } from '#storage/secret-fields.ts'

/** Makes the secrets of a stored channel readable; one whose key is missing is `locked`. A file's come from the file. */
export const openChannel = (
  channel: Channel,
  channelTypes: ReadonlyMap<string, ChannelType>,
  sealer: () => Sealer,
): Channel => {
  const type = channelTypes.get(channel.type)
  if (!type || channel.origin !== undefined) return channel
  const opened = openSecrets(type.options, channel.options, sealer())
  return opened.ok ? { ...channel, options: opened.value } : { ...channel, locked: true }
}
