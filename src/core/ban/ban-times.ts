import type { Ban } from './ban.ts'

export interface BanTimesInput {
  /** Ms. */
  readonly since: number
  /** Absent: as long as the jail bans. */
  readonly minutes: number | undefined
  /** For how long the jail bans, in seconds; negative: for ever. */
  readonly bantime: number
  readonly longestMs: number
  /** What was known of the address in this jail before. */
  readonly before: Ban | undefined
}

/** When fail2ban itself would lift the ban: what is banned already keeps its time. Null: never. */
const ownEnd = ({ since, bantime, before }: BanTimesInput): number | null => {
  if (bantime < 0) return null
  if (!before || (before.expiresAt !== null && before.expiresAt <= since)) return since + bantime * 1000
  if (!before.manual) return before.expiresAt ?? since + bantime * 1000
  return before.manual.renewAt ?? before.since + bantime * 1000
}

/** When a ban by hand ends, and when fail2ban lifts it before that, so that it has to be set again. */
export const banTimes = (input: BanTimesInput): { readonly expiresAt: number; readonly renewAt: number | null } => {
  const { since, minutes, longestMs } = input
  const own = ownEnd(input)
  const latest = since + longestMs
  const expiresAt = minutes === undefined ? Math.min(own ?? latest, latest) : since + minutes * 60_000
  return { expiresAt, renewAt: own !== null && own < expiresAt ? own : null }
}
