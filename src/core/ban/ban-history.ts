import type { VigiaEvent } from '../event/event.ts'

/** That a person lifted a ban, as the audit log has it. */
export interface Lifting {
  /** Ms. */
  readonly at: number
  readonly by: string
  readonly jail: string
  readonly ip: string
}

/** A ban as events tell of it, in force or over. Times in ms. */
export interface ToldBan {
  readonly event: number
  readonly ip: string
  readonly jail: string | null
  readonly since: number
  /** When it ended or will end; null for never, or not known. */
  readonly until: number | null
  readonly isOver: boolean
  /** Who banned it by hand; null for fail2ban, or whatever sent it. */
  readonly by: string | null
  /** What that person wrote, else what the sender says. */
  readonly reason: string | null
  readonly failures: number | null
  /** Who lifted it before its time: a person, or null. */
  readonly liftedBy: string | null
}

/** The audit log's line and the event of one lifting are written at the same moment. */
const SAME_MOMENT_MS = 10_000

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const expiryOf = ({ expiry }: VigiaEvent['data']): number | null => {
  const at = typeof expiry === 'string' ? Date.parse(expiry) : Number.NaN
  return Number.isNaN(at) ? null : at
}

const keyOf = ({ source, data }: VigiaEvent): string => `${source} ${data.jail} ${data.ip}`

/** What bans and their ends among the events of one address come to, newest first. `now` in ms. */
export const banHistory = (
  events: readonly VigiaEvent[],
  liftings: readonly Lifting[],
  now: number,
): readonly ToldBan[] => {
  const oldestFirst = events.toSorted((a, b) => a.at - b.at)
  const isEnd = ({ type, data }: VigiaEvent) => type === 'fail2ban_action' && data.action === 'unban'
  const endOf = (ban: VigiaEvent) =>
    oldestFirst.find((one) => isEnd(one) && one.at >= ban.at && keyOf(one) === keyOf(ban))?.at
  const told = (ban: VigiaEvent): ToldBan => {
    const { data } = ban
    const [end, expiry] = [endOf(ban), expiryOf(data)]
    const until = end ?? expiry
    const lifted =
      end !== undefined &&
      liftings.find(({ at, jail, ip }) => jail === data.jail && ip === data.ip && Math.abs(at - end) < SAME_MOMENT_MS)
    return {
      event: ban.id,
      ip: text(data.ip) ?? ban.subject,
      jail: text(data.jail),
      since: ban.at,
      until,
      isOver: until !== null && until <= now,
      by: data.manual === true ? text(data.by) : null,
      reason: (data.manual === true ? text(data.comment) : null) ?? text(data.reason),
      failures: typeof data.failures === 'number' ? data.failures : null,
      liftedBy: lifted ? lifted.by : null,
    }
  }
  return oldestFirst
    .filter(({ type }) => type === 'fail2ban_ban')
    .map(told)
    .toReversed()
}
