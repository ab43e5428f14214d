import type { SendContext } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { type AddressPolicy, forbiddenReason } from '#lib/net/forbidden-address.ts'

/** What guards the sending of a channel that no file names, also after a redirect or another answer of DNS. */
export const guardOf = (
  { origin }: Channel,
  policy: () => AddressPolicy,
): Pick<SendContext, 'guard'> | Record<string, never> =>
  origin === undefined
    ? {
        guard: (_url, address) => {
          const reason = forbiddenReason(address, policy())
          return reason && `${reason}: an administrator may allow it in the settings, or name the channel in the file`
        },
      }
    : {}
