import type { Cause } from '../cause/cause.ts'

/** Why a fail2ban did not do what was asked. */
export type BanFault = 'absent' | 'not_running' | 'no_permission' | 'no_such_jail' | 'timeout' | 'refused'

export type BanAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: BanFault; readonly why: Cause }

/** What fail2ban counts of one jail. */
export interface JailStatus {
  readonly name: string
  readonly currentlyFailed: number
  readonly totalFailed: number
  readonly currentlyBanned: number
  readonly totalBanned: number
  readonly bannedIps: readonly string[]
}

/** A ban as fail2ban itself lists it. Times in ms, as the machine's clock has them; null: for ever. */
export interface ListedBan {
  readonly jail: string
  readonly ip: string
  readonly since: number | null
  readonly expiresAt: number | null
}

/** Everything that one fail2ban bans in some jails, as it says itself. */
export interface BanListing {
  readonly server: string
  /** Jails that the list is complete for. */
  readonly jails: readonly string[]
  /** Every jail that runs: what others banned is not in force. Undefined where nobody could say. */
  readonly allJails?: readonly string[]
  readonly bans: readonly (ListedBan & { readonly failures?: number | null })[]
}

/** A running fail2ban, as far as it can be asked and told. Expected failures are answers; nothing throws. */
export interface BanClient {
  jails(): Promise<BanAnswer<readonly string[]>>
  status(jail: string): Promise<BanAnswer<JailStatus>>
  /** Everything that a jail bans now. */
  banned(jail: string): Promise<BanAnswer<readonly ListedBan[]>>
  /** How many were newly banned: 0 when it was banned already. */
  ban(jail: string, ip: string): Promise<BanAnswer<number>>
  unban(jail: string, ip: string): Promise<BanAnswer<number>>
  /** For how long a jail bans, in seconds; negative: for ever. */
  bantime(jail: string): Promise<BanAnswer<number>>
}
