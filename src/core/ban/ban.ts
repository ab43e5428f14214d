import type { JsonObject } from '#lib/json.ts'
import { iso } from '#lib/time/iso.ts'
import type { NewEvent } from '../event/event.ts'
import type { Language } from '../message/message.ts'

/** An address, or a network in CIDR form, that a jail keeps out. Times in ms. */
export interface Ban {
  readonly id: number
  /** Which fail2ban, by the name of its source. */
  readonly server: string
  readonly jail: string
  readonly ip: string
  readonly since: number
  /** Null: for ever, or not known. */
  readonly expiresAt: number | null
  /** Failures that led to it; null when not known. */
  readonly failures: number | null
  /** Null for a ban that fail2ban decided by itself. */
  readonly manual: ManualBan | null
}

/** What a person's ban has that fail2ban's own do not. */
export interface ManualBan {
  readonly by: string
  readonly reason: string
  /** False until fail2ban has answered or its log has shown it. */
  readonly confirmed: boolean
  /** When fail2ban lifts it before its time, so that it must be set again; null when it does not. */
  readonly renewAt: number | null
}

export type NewBan = Omit<Ban, 'id'>

/** What a log or a database of fail2ban says of one address in one jail. */
export type BanChange =
  | {
      readonly kind: 'ban'
      readonly jail: string
      readonly ip: string
      readonly at: number
      readonly expiresAt: number | null
      readonly failures: number | null
      /** How long, in seconds; -1 for ever; null when not known. */
      readonly bantime: number | null
      /** True when it was there before and is only set again, as after a restart: state, not news. */
      readonly restored: boolean
      /** The time as the log writes it, where a log says it. */
      readonly timestamp?: string
    }
  | {
      readonly kind: 'extended'
      readonly jail: string
      readonly ip: string
      readonly at: number
      readonly expiresAt: number | null
    }
  | { readonly kind: 'unban'; readonly jail: string; readonly ip: string; readonly at: number }
  | {
      readonly kind: 'failed'
      readonly jail: string
      readonly ip: string
      readonly at: number
      /** What did not work: the ban, its lifting, or setting it again. */
      readonly what: 'ban' | 'unban' | 'reban'
      /** The action of the jail that failed, such as `nftables`. */
      readonly action: string
    }

/** Jails that guard a way into the machine itself. */
const HIGH_JAILS = new Set(['ssh', 'sshd'])

const banSeverity = (jail: string): 'HIGH' | 'MEDIUM' => (HIGH_JAILS.has(jail.toLowerCase()) ? 'HIGH' : 'MEDIUM')

const REASONS = {
  en: {
    ban: (ip: string, jail: string) => `IP ${ip} banned by fail2ban in jail ${jail}`,
    manual: (ip: string, jail: string) => `IP ${ip} banned by hand in jail ${jail}`,
    unban: (ip: string, jail: string) => `IP ${ip} no longer banned in jail ${jail}`,
    failed: (ip: string, jail: string) => `fail2ban could not ban or unban IP ${ip} in jail ${jail}: its action failed`,
  },
  es: {
    ban: (ip: string, jail: string) => `IP ${ip} bloqueada por Fail2ban en jail ${jail}`,
    manual: (ip: string, jail: string) => `IP ${ip} bloqueada manualmente en jail ${jail}`,
    unban: (ip: string, jail: string) => `IP ${ip} ya no está bloqueada en jail ${jail}`,
    failed: (ip: string, jail: string) =>
      `Fail2ban no pudo bloquear o desbloquear la IP ${ip} en jail ${jail}: falló su acción`,
  },
} as const

/** Where events of bans come from, and in which language their reason is written. */
export interface BanVoice {
  readonly server: string
  readonly language: Language
  readonly receivedAt: number
}

const event = (
  type: string,
  ip: string,
  at: number,
  voice: BanVoice,
  data: JsonObject,
): Omit<NewEvent, 'severity'> => ({
  type,
  source: `fail2ban:${voice.server}`,
  subject: ip,
  at,
  receivedAt: voice.receivedAt,
  monitorId: null,
  data: { ip, ...data },
})

const seconds = (since: number, expiresAt: number | null): number | null =>
  expiresAt === null ? null : Math.round((expiresAt - since) / 1000)

type BanFacts = Pick<NewBan, 'jail' | 'ip' | 'since' | 'expiresAt' | 'failures'> & {
  readonly bantime?: number | null
  readonly timestamp?: string | undefined
}

/**
 * The event `fail2ban_ban`: fields `ip jail failures bantime expiry timestamp reason manual`, with `by` and `comment` for
 * a ban by hand. `bantime` in seconds, -1 for ever. Severity HIGH for the jails of SSH and for a ban by hand, else MEDIUM.
 */
export const banEvent = (ban: BanFacts, manual: Pick<ManualBan, 'by' | 'reason'> | null, voice: BanVoice): NewEvent => {
  const { jail, ip, since, expiresAt, failures, timestamp } = ban
  const reason = REASONS[voice.language][manual ? 'manual' : 'ban'](ip, jail)
  return {
    ...event('fail2ban_ban', ip, since, voice, {
      jail,
      failures,
      bantime: ban.bantime ?? seconds(since, expiresAt),
      expiry: iso(expiresAt),
      timestamp: timestamp ?? iso(since)!.slice(0, 19).replace('T', ' '),
      reason,
      manual: manual !== null,
      ...(manual && { by: manual.by, comment: manual.reason }),
    }),
    severity: manual ? 'HIGH' : banSeverity(jail),
  }
}

/** The event `fail2ban_action` for what is no ban: `action` is `unban`, `ban_failed`, `unban_failed` or `reban_failed`. */
export const banActionEvent = (change: BanChange & { kind: 'unban' | 'failed' }, voice: BanVoice): NewEvent => {
  const { jail, ip, at } = change
  const reasons = REASONS[voice.language]
  if (change.kind === 'unban') {
    const data = { jail, action: 'unban', reason: reasons.unban(ip, jail) }
    return { ...event('fail2ban_action', ip, at, voice, data), severity: 'LOW' }
  }
  const data = { jail, action: `${change.what}_failed`, command: change.action, reason: reasons.failed(ip, jail) }
  return { ...event('fail2ban_action', ip, at, voice, data), severity: 'HIGH' }
}
