import type { BanVoice } from '#core/ban/ban.ts'
import type { BanAnswer, BanClient } from '#core/ban/ban-client.ts'
import type { BanLimits } from '#core/ban/ban-limits.ts'
import type { BanOutcome } from '#core/ban/ban-request.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { Language } from '#core/message/message.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'

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
  /** The server's. */
  readonly language: () => Language
  readonly now: () => number
}

export const voiceOf = (server: string, { language, now }: Pick<BanDeps, 'language' | 'now'>): BanVoice => ({
  server,
  language: language(),
  receivedAt: now(),
})

/** What fail2ban refused, as the answer to who asked for it. */
export const fails = <T>(answer: BanAnswer<T> & { ok: false }): BanOutcome<never> => ({
  ok: false,
  code: answer.fault,
  why: answer.why,
})
