import { type Ban, type BanChange, type BanVoice, banActionEvent, banEvent } from '#core/ban/ban.ts'
import type { BanAnswer, BanClient } from '#core/ban/ban-client.ts'
import { type BanLimits, banRefusal, liftRefusal } from '#core/ban/ban-limits.ts'
import type { BanOutcome, BanRequest } from '#core/ban/ban-request.ts'
import { banTimes } from '#core/ban/ban-times.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { Language } from '#core/message/message.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import type { BanList } from '#storage/bans.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { applyBanChanges } from './ban-changes.ts'
import { type BanListing, reconcileBans } from './ban-reconcile.ts'

/** That a person banned or unbanned, for the audit log. */
export interface BanAudit {
  readonly at: number
  readonly by: By
  readonly action: 'ban' | 'unban'
  readonly details: JsonObject
}

export interface BanDeps {
  readonly storage: Pick<Storage, 'bans'>
  /** Runs work in one transaction and stores and evaluates the events that it returns in the same one. */
  readonly record: (work: (repositories: Repositories) => Promise<readonly NewEvent[]>) => Promise<unknown>
  /** By name, in order. */
  readonly clients: ReadonlyMap<string, BanClient>
  readonly limits: () => BanLimits
  readonly audit: (entry: BanAudit, repositories: Repositories) => Promise<void>
  readonly language: Language
  readonly now: () => number
}

const RETRY_MS = 30_000
const STILL_BANNED_MS = 5000
/** fail2ban's own database forgets a ban that is over after a day: no jail sets it again then. */
const STOPPED_FOR_MS = 86_400_000
/** What fail2ban itself ends within so long is left to it. */
const ENDS_BY_ITSELF_MS = 5000
/** What ended is remembered for so long, so that the line of the log that lifts it finds it. */
const FORGET_AFTER_MS = 3_600_000

const fails = <T>(answer: BanAnswer<T> & { ok: false }): BanOutcome<never> => ({
  ok: false,
  code: answer.fault,
  message: answer.message,
})

/**
 * Bans and unbans by people, beside those that fail2ban decides. A ban by hand is written down before fail2ban is told:
 * whichever comes first, its answer or the line in its log, makes the one event of it, also across a crash.
 */
export const createBans = (deps: BanDeps) => {
  const { storage, record, clients, limits, audit, now } = deps
  const voiceOf = (server: string): BanVoice => ({ server, language: deps.language, receivedAt: now() })

  const clientOf = (server: string | undefined): BanOutcome<readonly [string, BanClient]> => {
    const [first] = clients
    if (!first)
      return { ok: false, code: 'absent', message: 'No fail2ban is configured: name one under sources.fail2ban.' }
    if (server === undefined) return { ok: true, value: first }
    const client = clients.get(server)
    if (client) return { ok: true, value: [server, client] }
    return { ok: false, code: 'no_such_server', message: `There is no fail2ban named ${server}.` }
  }

  /** Takes back what was written down of a ban that fail2ban refused. */
  const takeBack = (wanted: Omit<Ban, 'id'>, before: Ban | undefined) =>
    record(async ({ bans }) => {
      const known = await bans.find(wanted)
      if (known?.manual?.confirmed === false) await (before ? bans.save(before) : bans.remove(wanted))
      return []
    })

  const ban = async (request: BanRequest, by: By): Promise<BanOutcome<Ban>> => {
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
      return [banEvent(wanted, wanted.manual, voiceOf(server))]
    })
    const stored = await storage.bans.find(key)
    return { ok: true, value: stored ?? { ...wanted, id: 0 } }
  }

  /**
   * Lifts at fail2ban. Of a network that it does not ban itself, it would lift every ban inside: it is asked before, and
   * is left alone at the moment when it lifts by its own rule.
   */
  const liftThere = async (client: BanClient, { jail, ip }: Pick<Ban, 'jail' | 'ip'>): Promise<BanAnswer<number>> => {
    if (!ip.includes('/')) return client.unban(jail, ip)
    const listed = await client.banned(jail)
    if (!listed.ok) return listed
    const there = listed.value.find((one) => one.ip === ip)
    if (!there) return { ok: true, value: 0 }
    const byItself = there.expiresAt !== null && there.expiresAt <= now() + ENDS_BY_ITSELF_MS
    return byItself ? { ok: true, value: 1 } : client.unban(jail, ip)
  }

  /** Lifts a ban; `true` when there was one. `by` null: because its time was over. */
  const lift = async (client: BanClient, key: Pick<Ban, 'server' | 'jail' | 'ip'>, by: By | null, overdue = false) => {
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
      return removed ? [banActionEvent({ kind: 'unban', jail, ip, at: now() }, voiceOf(server))] : []
    })
    return { ok: true as const, value: was }
  }

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

  return {
    ban,

    /** Lifts a ban. The answer says whether there was one. */
    unban: async (
      { ip: written, jail, server }: Pick<BanRequest, 'ip' | 'jail' | 'server'>,
      by: By,
    ): Promise<BanOutcome<boolean>> => {
      const ip = canonicalNetwork(written)
      if (ip === undefined)
        return { ok: false, code: 'invalid_address', message: 'ip must be an IPv4 or IPv6 address, or a network.' }
      const refusal = liftRefusal(ip)
      if (refusal) return { ok: false, ...refusal }
      const chosen = clientOf(server)
      if (!chosen.ok) return chosen
      const [name, client] = chosen.value
      const lifted = await lift(client, { server: name, jail, ip }, by)
      return lifted.ok ? lifted : fails(lifted)
    },

    list: (list: Omit<BanList, 'now'>): Promise<readonly Ban[]> => storage.bans.current({ ...list, now: now() }),

    /** Applies what a log says. `also` runs in the same transaction: it remembers how far the log was read. */
    apply: (server: string, changes: readonly BanChange[], also?: (repositories: Repositories) => Promise<void>) =>
      record(async (repositories) => {
        const events = await applyBanChanges(changes, voiceOf(server), repositories)
        await also?.(repositories)
        return events
      }),

    reconcile: async (listing: BanListing) => {
      let done = { added: 0, removed: 0 }
      await record(async (repositories) => {
        done = await reconcileBans(listing, now(), repositories)
        return []
      })
      return done
    },

    /** Lifts the bans by hand whose time is over and sets those again that fail2ban lifts too early. Call it often. */
    tick: async (): Promise<void> => {
      if (ticking || clients.size === 0) return
      ticking = true
      try {
        for (const due of await storage.bans.due(now())) await settle(due)
      } finally {
        ticking = false
      }
    },

    /** Forgets bans that ended long before `trusted`, ms. */
    forget: async (trusted: number): Promise<void> => {
      await storage.bans.forgetEnded(trusted - FORGET_AFTER_MS)
    },

    clients,
  }
}

export type Bans = ReturnType<typeof createBans>
