import type { SendContext } from '#core/channel.ts'
import type { ServerPlace } from '#core/server-place.ts'
import { type VapidKeys, vapidKeys } from '#lib/net/vapid.ts'

/** Push services want to be able to ask somebody; one that has no address of its own says so. */
const NOBODY = 'mailto:vigia@example.invalid'

/** The key pair by which this server says who it is to push services, made when it is first asked for. */
export const createVapid = (
  secret: string | undefined,
  place: () => Pick<ServerPlace, 'url'>,
): NonNullable<SendContext['vapid']> => {
  let keys: VapidKeys | undefined
  return () => {
    if (secret === undefined) return undefined
    keys ??= vapidKeys(secret)
    const { url } = place()
    return { ...keys, subject: url?.startsWith('https://') ? url : NOBODY }
  }
}
