import { forbiddenTarget } from '#core/cause/forbidden-target.ts'
import type { SendContext } from '#core/channel.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { AddressPolicy } from '#lib/net/forbidden-address.ts'

/** What guards the sending of a channel that no file names, also after a redirect or another answer of DNS. */
export const guardOf = (
  { origin }: Channel,
  policy: () => AddressPolicy,
): Pick<SendContext, 'guard'> | Record<string, never> =>
  origin === undefined ? { guard: (_url, address) => forbiddenTarget(address, policy(), 'not_by_channel') } : {}
