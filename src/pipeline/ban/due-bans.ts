import type { Ban } from '#core/ban/ban.ts'
import type { BanClient } from '#core/ban/ban-client.ts'
import type { BanDeps } from './ban-deps.ts'
import type { Lift } from './lift-ban.ts'

const RETRY_MS = 30_000
const STILL_BANNED_MS = 5000
/** fail2ban's own database forgets a ban that is over after a day: no jail sets it again then. */
const STOPPED_FOR_MS = 86_400_000

/** Lifts the bans by hand whose time is over and sets those again that fail2ban lifts too early; what is returned is called often. */
export const createDueBans = (
  { storage, record, clients, now }: Pick<BanDeps, 'storage' | 'record' | 'clients' | 'now'>,
  lift: Lift,
) => {
  const renew = async (client: BanClient, due: Ban) => {
    const at = now()
    const answer = await client.ban(due.jail, due.ip)
    const bantime = answer.ok ? await client.bantime(due.jail) : answer
    // Banned already: fail2ban has not lifted it yet.
    const next = !bantime.ok
      ? at + RETRY_MS
      : answer.ok && answer.value === 0
        ? at + STILL_BANNED_MS
        : at + bantime.value * 1000
    const forever = bantime.ok && bantime.value < 0
    await record(async ({ bans }) => {
      const known = await bans.find(due)
      if (!known?.manual) return []
      const last = forever || (known.expiresAt !== null && next >= known.expiresAt)
      await bans.save({ ...known, manual: { ...known.manual, renewAt: last ? null : next } })
      return []
    })
  }

  /** Bans that could not be lifted, and when to try again: a fail2ban that is away is not asked every second. */
  const waiting = new Map<number, number>()
  let ticking = false

  const settle = async (due: Ban) => {
    const client = clients.get(due.server)
    const [until, at] = [waiting.get(due.id) ?? 0, now()]
    // Further ahead than it may wait: the clock has been set back since.
    if (!client || (until > at && until <= at + RETRY_MS)) return
    if (due.expiresAt === null || due.expiresAt > now()) return renew(client, due)
    const overdue = due.expiresAt + STOPPED_FOR_MS <= now()
    const lifted = await lift(client, due, null, overdue)
    if (lifted.ok) waiting.delete(due.id)
    else waiting.set(due.id, now() + RETRY_MS)
  }

  return async (): Promise<void> => {
    if (ticking || clients.size === 0) return
    ticking = true
    try {
      for (const due of await storage.bans.due(now())) await settle(due)
    } finally {
      ticking = false
    }
  }
}
