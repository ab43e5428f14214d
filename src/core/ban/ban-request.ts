import type { Cause } from '../cause/cause.ts'
import type { BanFault } from './ban-client.ts'
import type { BanRefusalCode } from './ban-limits.ts'

/** What a person asks for. */
export interface BanRequest {
  /** An address, or a network in CIDR form. */
  readonly ip: string
  readonly jail: string
  /** Absent: as long as the jail bans. */
  readonly minutes?: number | undefined
  readonly reason?: string | undefined
  /** Which fail2ban; absent: the first. */
  readonly server?: string | undefined
  /** The address of whoever asks, which is not banned. */
  readonly from?: string | undefined
}

export type BanProblemCode = BanRefusalCode | BanFault | 'no_such_server'

export type BanOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: BanProblemCode; readonly why: Cause }
