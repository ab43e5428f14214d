import type { BanListing } from '#core/ban/ban-client.ts'
import type { Repositories } from '#storage/index.ts'

/** A ban so young may still stand in lines that were not read: the log tells of it. */
const YOUNG_MS = 60_000
/** What is over for so long and still listed is kept out: an end that was moved into the past counts with the next ban. */
const OVERDUE_MS = 60_000

/**
 * A person's ban that is not listed is missed for so long before it is given up: while a fail2ban that starts or reloads sets
 * its bans again, it lists a jail without them, and what is forgotten then would end when the jail's own ban time does.
 */
const MISSED_MS = 60_000

/** Since when people's bans were not listed, by their id, ms. */
export type Missed = Map<number, number>

export interface Reconciled {
  readonly added: number
  readonly removed: number
}

const isMissedLong = (missed: Missed, id: number, now: number): boolean => {
  const since = missed.get(id)
  // Missed later than now: the clock has been set back since.
  if (since === undefined || since > now) missed.set(id, now)
  return since !== undefined && now - since >= MISSED_MS
}

/**
 * Brings what is known of a fail2ban's bans in line with its own list, quietly: this is state, not news. Bans that began
 * within the last minute are left to the log; what a person banned for longer than the jail does is left to be renewed.
 */
export const reconcileBans = async (
  { server, jails, allJails, bans: listed }: BanListing,
  now: number,
  missed: Missed,
  { bans }: Pick<Repositories, 'bans'>,
): Promise<Reconciled> => {
  const covered = new Set(jails)
  const running = allJails && new Set(allJails)
  const keyOf = ({ jail, ip }: { jail: string; ip: string }) => `${jail} ${ip}`
  const known = new Map((await bans.ofServer(server)).map((ban) => [keyOf(ban), ban]))
  const names = new Set(listed.map(keyOf))
  let added = 0
  let removed = 0
  for (const { jail, ip, since, failures, ...ban } of listed) {
    const expiresAt = ban.expiresAt !== null && ban.expiresAt < now - OVERDUE_MS ? null : ban.expiresAt
    const before = known.get(keyOf({ jail, ip }))
    if (!before) {
      if (since !== null && now - since < YOUNG_MS) continue
      await bans.save({ server, jail, ip, since: since ?? now, expiresAt, failures: failures ?? null, manual: null })
      added++
    } else if (!before.manual && since !== null && before.expiresAt !== expiresAt)
      await bans.save({ ...before, expiresAt, failures: before.failures ?? failures ?? null })
  }
  for (const [key, ban] of known) {
    const settled = now - ban.since >= YOUNG_MS && ban.manual?.confirmed !== false
    // A jail that was stopped keeps its bans to set them again, and lets them in until then; a person's is lifted then.
    const stopped = running !== undefined && !running.has(ban.jail) && ban.manual === null
    if (names.has(key)) missed.delete(ban.id)
    if (names.has(key) || !(covered.has(ban.jail) || stopped) || !settled || ban.manual?.renewAt) continue
    if (ban.manual && !isMissedLong(missed, ban.id, now)) continue
    missed.delete(ban.id)
    await bans.remove(ban)
    removed++
  }
  return { added, removed }
}
