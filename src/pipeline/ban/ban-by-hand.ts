import { type Ban, banEvent } from '#core/ban/ban.ts'
import type { BanClient } from '#core/ban/ban-client.ts'
import { banRefusal } from '#core/ban/ban-limits.ts'
import type { BanOutcome, BanRequest } from '#core/ban/ban-request.ts'
import { banTimes } from '#core/ban/ban-times.ts'
import type { By } from '#core/who/by.ts'
import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import { type BanDeps, fails, voiceOf } from './ban-deps.ts'

/**
 * Bans by people. A ban by hand is written down before fail2ban is told: whichever comes first, its answer or the line in
 * its log, makes the one event of it, also across a crash.
 */
export const createBanByHand = (
  deps: BanDeps,
  clientOf: (server: string | undefined) => BanOutcome<readonly [string, BanClient]>,
) => {
  const { storage, record, limits, audit, now } = deps

  /** Takes back what was written down of a ban that fail2ban refused. */
  const takeBack = (wanted: Omit<Ban, 'id'>, before: Ban | undefined) =>
    record(async ({ bans }) => {
      const known = await bans.find(wanted)
      if (known?.manual?.confirmed === false) await (before ? bans.save(before) : bans.remove(wanted))
      return []
    })

  return async (request: BanRequest, by: By): Promise<BanOutcome<Ban>> => {
    const ip = canonicalNetwork(request.ip) ?? request.ip
    const { jail, minutes, reason = '' } = request
    const { longestMs } = limits()
    const refusal = banRefusal(ip, minutes === undefined ? undefined : minutes * 60_000, limits(), request.from)
    if (refusal) return { ok: false, ...refusal }
    const chosen = clientOf(request.server)
    if (!chosen.ok) return chosen
    const [server, client] = chosen.value
    const bantime = await client.bantime(jail)
    if (!bantime.ok) return fails(bantime)

    const since = now()
    const key = { server, jail, ip }
    const before = await storage.bans.find(key)
    const { expiresAt, renewAt } = banTimes({ since, minutes, bantime: bantime.value, longestMs, before })
    const lasting = before?.manual?.confirmed === true && (before.expiresAt ?? Number.POSITIVE_INFINITY) > since
    const wanted = {
      ...key,
      since,
      expiresAt,
      failures: null,
      manual: { by: by.name, reason, confirmed: lasting, renewAt },
    }
    await record(async ({ bans }) => {
      await bans.save(wanted)
      return []
    })
    const answer = await client.ban(jail, ip)
    if (!answer.ok) {
      // Without an answer nobody knows: if it did ban, its log will say so.
      if (answer.fault !== 'timeout') await takeBack(wanted, before)
      return fails(answer)
    }
    await record(async (repositories) => {
      const known = await repositories.bans.find(key)
      await audit(
        { by, at: now(), action: 'ban', details: { ip, jail, server, minutes: minutes ?? null, reason } },
        repositories,
      )
      if (known?.manual?.confirmed !== false) return []
      await repositories.bans.save({ ...wanted, manual: { ...wanted.manual, confirmed: true } })
      return [banEvent(wanted, wanted.manual, voiceOf(server, deps))]
    })
    const stored = await storage.bans.find(key)
    return { ok: true, value: stored ?? { ...wanted, id: 0 } }
  }
}
