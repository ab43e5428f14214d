import type {
  alertLineView,
  lookedView,
  MonitorLink,
  neighbourView,
  rankedView,
  recordView,
  seenView,
  toldBanView,
} from '../../../../src/api/v1/address-view.ts'
import type { silenceView } from '../../../../src/api/v1/attention-view.ts'
import type { banView } from '../../../../src/api/v1/bans.ts'
import type { Event } from '../../api/types.ts'

export type Ban = ReturnType<typeof banView>
export type ToldBan = ReturnType<typeof toldBanView>
export type AlertLine = ReturnType<typeof alertLineView>
type Looked = ReturnType<typeof lookedView>

/** What databases say beside what senders say. */
interface Place {
  readonly asn?: number
}

export type Seen = ReturnType<typeof seenView> & Place & { readonly banned: boolean }
type Neighbour = ReturnType<typeof neighbourView> & Place & { readonly banned: boolean }

export interface SeenList extends Looked {
  readonly items: readonly Seen[]
}

export interface RankedList extends Looked {
  readonly items: readonly ReturnType<typeof rankedView>[]
}

export interface Neighbours extends Looked {
  readonly items: readonly Neighbour[]
  readonly network: string
}

/** All that is known of one address, as the API answers it. */
export interface KnownAddress extends ReturnType<typeof recordView>, Looked {
  readonly address: string
  readonly family: 4 | 6
  readonly network: string
  readonly country: string | null
  readonly owner: string | null
  readonly asn: number | null
  readonly address_facts: { readonly country: boolean; readonly owner: boolean }
  readonly monitor: MonitorLink
  readonly ignored: ReturnType<typeof silenceView>
  readonly can_ban: boolean
  readonly bans: { readonly current: readonly Ban[]; readonly told: readonly ToldBan[] }
  readonly alerts: readonly AlertLine[]
  readonly latest: readonly Event[]
  readonly from: string
}

export type Target = KnownAddress['targets'][number]

/** A fail2ban with its jails. */
export interface Jails {
  readonly server: string
  readonly jails: readonly string[]
  readonly fault: string | null
}
