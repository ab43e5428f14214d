import type { Ban, BanChange } from '#core/ban/ban.ts'
import type { BanClient, BanListing } from '#core/ban/ban-client.ts'
import { liftRefusal } from '#core/ban/ban-limits.ts'
import type { BanOutcome, BanRequest } from '#core/ban/ban-request.ts'
import { because } from '#core/cause/cause.ts'
import type { By } from '#core/who/by.ts'
import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import type { BanList } from '#storage/bans.ts'
import type { Repositories } from '#storage/index.ts'
import { createBanByHand } from './ban-by-hand.ts'
import { applyBanChanges } from './ban-changes.ts'
import { type BanDeps, fails, voiceOf } from './ban-deps.ts'
import { type Missed, reconcileBans } from './ban-reconcile.ts'
import { createDueBans } from './due-bans.ts'
import { createLift } from './lift-ban.ts'

/** What ended is remembered for so long, so that the line of the log that lifts it finds it. */
const FORGET_AFTER_MS = 3_600_000

/** Bans and unbans by people, beside those that fail2ban decides. */
export const createBans = (deps: BanDeps) => {
  const { storage, record, clients, now } = deps
  const lift = createLift(deps)
  const missed: Missed = new Map()

  const clientOf = (server: string | undefined): BanOutcome<readonly [string, BanClient]> => {
    const [first] = clients
    if (!first) return { ok: false, code: 'absent', why: because('fail2ban_not_configured') }
    if (server === undefined) return { ok: true, value: first }
    const client = clients.get(server)
    if (client) return { ok: true, value: [server, client] }
    return { ok: false, code: 'no_such_server', why: because('fail2ban_not_named', { name: server }) }
  }

  return {
    ban: createBanByHand(deps, clientOf),

    /** Lifts a ban. The answer says whether there was one. */
    unban: async (
      { ip: written, jail, server }: Pick<BanRequest, 'ip' | 'jail' | 'server'>,
      by: By,
    ): Promise<BanOutcome<boolean>> => {
      const ip = canonicalNetwork(written)
      if (ip === undefined) return { ok: false, code: 'invalid_address', why: because('unban_address_malformed') }
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
        const events = await applyBanChanges(changes, voiceOf(server, deps), repositories)
        await also?.(repositories)
        return events
      }),

    reconcile: async (listing: BanListing) => {
      let done = { added: 0, removed: 0 }
      await record(async (repositories) => {
        done = await reconcileBans(listing, now(), missed, repositories)
        return []
      })
      return done
    },

    /** Lifts the bans by hand whose time is over and sets those again that fail2ban lifts too early. Call it often. */
    tick: createDueBans(deps, lift),

    /** Forgets bans that ended long before `trusted`, ms. */
    forget: async (trusted: number): Promise<void> => {
      await storage.bans.forgetEnded(trusted - FORGET_AFTER_MS)
    },

    clients,
  }
}

export type Bans = ReturnType<typeof createBans>
