import { type Ban, banActionEvent } from '#core/ban/ban.ts'
import type { BanAnswer, BanClient } from '#core/ban/ban-client.ts'
import type { By } from '#core/who/by.ts'
import { type BanDeps, voiceOf } from './ban-deps.ts'

/** What fail2ban itself ends within so long is left to it. */
const ENDS_BY_ITSELF_MS = 5000

type BanKey = Pick<Ban, 'server' | 'jail' | 'ip'>

/** Lifts bans at fail2ban, and what is stored of them. */
export const createLift = (deps: Pick<BanDeps, 'record' | 'audit' | 'language' | 'now'>) => {
  const { record, audit, now } = deps

  /**
   * Lifts at fail2ban. Of a network that it does not ban itself, it would lift every ban inside: it is asked before, and
   * is left alone at the moment when it lifts by its own rule.
   */
  const liftThere = async (client: BanClient, { jail, ip }: BanKey): Promise<BanAnswer<number>> => {
    if (!ip.includes('/')) return client.unban(jail, ip)
    const listed = await client.banned(jail)
    if (!listed.ok) return listed
    const there = listed.value.find((one) => one.ip === ip)
    if (!there) return { ok: true, value: 0 }
    const byItself = there.expiresAt !== null && there.expiresAt <= now() + ENDS_BY_ITSELF_MS
    return byItself ? { ok: true, value: 1 } : client.unban(jail, ip)
  }

  /** Lifts a ban; `true` when there was one. `by` null: because its time was over. */
  return async (client: BanClient, key: BanKey, by: By | null, overdue = false) => {
    const answer = await liftThere(client, key)
    // A jail that is stopped sets its bans again when it starts: they are lifted then, unless it never does.
    const gone = !answer.ok && answer.fault === 'no_such_jail' && overdue
    if (!answer.ok && (by !== null || !gone)) return answer
    let was = answer.ok && answer.value > 0
    await record(async (repositories) => {
      const removed = await repositories.bans.remove(key)
      was ||= removed
      const { server, jail, ip } = key
      if (by !== null)
        await audit({ by, at: now(), action: 'unban', details: { ip, jail, server, lifted: was } }, repositories)
      return removed ? [banActionEvent({ kind: 'unban', jail, ip, at: now() }, voiceOf(server, deps))] : []
    })
    return { ok: true as const, value: was }
  }
}

export type Lift = ReturnType<typeof createLift>
