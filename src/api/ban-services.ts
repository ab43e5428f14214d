import type { Ban } from '#core/ban/ban.ts'
import type { BanClient } from '#core/ban/ban-client.ts'
import type { BanProblemCode } from '#core/ban/ban-request.ts'
import type { BanOperations } from '#operations/bans.ts'

/** What the routes about bans ask of the rest of the server. */
export interface BanServices {
  readonly operations: { readonly bans: BanOperations }
  readonly bans: {
    list(list: {
      readonly limit: number
      readonly before?: number | undefined
      readonly jail?: string | undefined
      readonly ip?: string | undefined
    }): Promise<readonly Ban[]>
    /** By name, in order; empty when no fail2ban is configured. */
    readonly clients: ReadonlyMap<string, BanClient>
  }
}

/** The jail that is meant when none is named. */
export const DEFAULT_JAIL = 'sshd'

const UNAVAILABLE: Readonly<Partial<Record<BanProblemCode, number>>> = {
  absent: 503,
  not_running: 503,
  no_permission: 503,
  timeout: 504,
}

/** 400 for what is refused, 503 and 504 when there is nobody who could do it. */
export const banStatus = (code: BanProblemCode): number => UNAVAILABLE[code] ?? 400
