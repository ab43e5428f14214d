import { type Ban, type BanChange, type BanVoice, banActionEvent, banEvent } from '#core/ban/ban.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { Repositories } from '#storage/index.ts'

/** What is known of bans. */
export interface KnownBans {
  readonly bans: Pick<Repositories['bans'], 'find' | 'save' | 'remove'>
}
type Begun = BanChange & { readonly kind: 'ban' }

/** The log's clock and ours may differ by the rounding of a second. */
const ROUNDING_MS = 2000
/** fail2ban lifts within so long of the time that it announced. */
const LIFT_MS = 10_000

/** A ban by hand counts until it has been lifted. */
const inForce = (ban: Ban | undefined, at: number): Ban | undefined =>
  ban && (ban.manual !== null || ban.expiresAt === null || ban.expiresAt > at) ? ban : undefined

/**
 * A ban that the log shows. What a person banned is told of once, by whoever comes first: the log, or the request that
 * asked for it. What is set again after a restart is no news, nor is a line that says what is known already.
 */
const begin = async (change: Begun, voice: BanVoice, { bans }: KnownBans): Promise<readonly NewEvent[]> => {
  const { jail, ip, at, expiresAt, failures, restored } = change
  const key = { server: voice.server, jail, ip }
  const known = inForce(await bans.find(key), at)
  const told = restored ? [] : [banEvent({ ...change, since: at }, null, voice)]
  const manual = known?.manual
  if (known && manual) {
    if (at < known.since - ROUNDING_MS) return told
    if (manual.confirmed || restored) return []
    await bans.save({ ...known, failures, manual: { ...manual, confirmed: true } })
    return [banEvent({ ...known, failures }, manual, voice)]
  }
  if (known && (restored || at <= known.since)) return at === known.since ? [] : told
  await bans.save({ ...key, since: at, expiresAt, failures, manual: null })
  return told
}

const lift = async (
  change: BanChange & { kind: 'unban' },
  voice: BanVoice,
  { bans }: KnownBans,
): Promise<readonly NewEvent[]> => {
  const key = { server: voice.server, jail: change.jail, ip: change.ip }
  const known = await bans.find(key)
  if (!known || change.at < known.since) return []
  if (isToBeRenewed(known, change.at)) return []
  await bans.remove(key)
  return known.manual?.confirmed === false ? [] : [banActionEvent(change, voice)]
}

/** True when fail2ban lifts by its own rule what a person banned for longer: it is set again. */
const isToBeRenewed = ({ manual, expiresAt }: Ban, at: number): boolean =>
  manual !== null &&
  manual.renewAt !== null &&
  Math.abs(at - manual.renewAt) <= LIFT_MS &&
  (expiresAt === null || at < expiresAt)

const extend = async (
  change: BanChange & { kind: 'extended' },
  voice: BanVoice,
  { bans }: KnownBans,
): Promise<void> => {
  const known = await bans.find({ server: voice.server, jail: change.jail, ip: change.ip })
  if (!known) return
  const { manual } = known
  if (!manual) return bans.save({ ...known, expiresAt: change.expiresAt })
  const early = change.expiresAt !== null && (known.expiresAt === null || change.expiresAt < known.expiresAt)
  return bans.save({ ...known, manual: { ...manual, renewAt: early ? change.expiresAt : null } })
}

/** Applies what a log says to the bans that are known, in a transaction; returns what is news in it. */
export const applyBanChanges = async (
  changes: readonly BanChange[],
  voice: BanVoice,
  repositories: KnownBans,
): Promise<readonly NewEvent[]> => {
  const events: NewEvent[] = []
  for (const change of changes) {
    if (change.kind === 'ban') events.push(...(await begin(change, voice, repositories)))
    else if (change.kind === 'unban') events.push(...(await lift(change, voice, repositories)))
    else if (change.kind === 'extended') await extend(change, voice, repositories)
    else events.push(banActionEvent(change, voice))
  }
  return events
}
