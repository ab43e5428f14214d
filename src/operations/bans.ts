import type { Ban } from '#core/ban/ban.ts'
import type { BanOutcome, BanRequest } from '#core/ban/ban-request.ts'
import type { By } from '#core/who/by.ts'
import type { Bans } from '#pipeline/ban/bans.ts'
import type { OperateDeps } from './operation.ts'

/** Bans by hand. fail2ban carries them out: each is two writes with its answer between, the audit log's line in the second. */
export interface BanOperations {
  ban(by: By, request: BanRequest): Promise<BanOutcome<Ban>>
  /** True when there was one to lift. */
  lift(by: By, request: Pick<BanRequest, 'ip' | 'jail' | 'server'>): Promise<BanOutcome<boolean>>
}

export const createBanOperations = (
  bans: Pick<Bans, 'ban' | 'unban'>,
  announce: OperateDeps['announce'],
): BanOperations => {
  const told = <Value>(by: By, outcome: BanOutcome<Value>): BanOutcome<Value> => {
    if (outcome.ok) announce('changed', { object: 'ban', object_id: null, by: by.actor })
    return outcome
  }
  return {
    ban: async (by, request) => told(by, await bans.ban(request, by)),
    lift: async (by, request) => told(by, await bans.unban(request, by)),
  }
}
