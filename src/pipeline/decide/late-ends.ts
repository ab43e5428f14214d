import type { Repositories } from '#storage/index.ts'

/** An end that is older than this is no news any more, ms. */
const OLDEST_MS = 7 * 86_400_000

/**
 * Sends the ends that a channel missed while it was gone or disabled, now that it is back: it was told of the trouble, and
 * nothing later of the same subject. True when there was any.
 */
export const tellLateEnds = async (
  live: readonly number[],
  now: number,
  { notifications }: Pick<Repositories, 'notifications'>,
): Promise<boolean> => {
  let any = false
  for (const end of await notifications.missedEnds(live, now - OLDEST_MS)) {
    if (end.alertId === null || (await notifications.overtakenOn(end.channelId, end))) continue
    const ofAlert = await notifications.ofAlert(end.alertId)
    const knows = ofAlert.some(
      ({ channelId, status }) => channelId === end.channelId && (status === 'delivered' || status === 'digested'),
    )
    if (knows) any = (await notifications.replay(end.id, now)) || any
  }
  return any
}
