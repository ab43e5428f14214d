import type { ReplayedOutage, ReplayReport } from './replay-order.ts'
import type { ToldOutage, ToldReplay } from './told-replay.ts'

/** Two tellings of the same outage begin no further apart than this: thresholds move its verdict, not its begin. */
const NEAR_MS = 60_000
/** Less is no difference that looks could show. */
const SAME_MS = 1000

type Told = Pick<ReplayReport, 'later' | 'earlier' | 'hidden' | 'behindParent' | 'fresh' | 'same'>

const overlaps = (one: ToldOutage, other: ToldOutage): boolean =>
  one.since <= (other.until ?? Number.POSITIVE_INFINITY) + NEAR_MS &&
  other.since <= (one.until ?? Number.POSITIVE_INFINITY) + NEAR_MS

/** What the second telling says otherwise of outages of a monitor than the first. */
const compareOutages = (
  name: string,
  before: readonly ToldOutage[],
  after: readonly ToldOutage[],
  found: { readonly [Key in keyof Omit<Told, 'same'>]: unknown[] } & { same: number },
  hears: boolean,
) => {
  const shown = ({ since, until }: ToldOutage): ReplayedOutage => ({ monitor: name, since, until })
  for (const one of before) {
    if (one.toldAt === null) continue
    const those = after.filter((other) => overlaps(one, other))
    const told = those.find(({ toldAt }) => toldAt !== null)
    if (told) {
      const byMs = told.toldAt! - one.toldAt
      if (Math.abs(byMs) < SAME_MS) found.same++
      else if (byMs > 0) found.later.push({ ...shown(one), byMs })
      else found.earlier.push({ ...shown(one), byMs: -byMs })
    } else if (those.some(({ behind }) => behind)) found.behindParent.push(shown(one))
    else found.hidden.push({ ...shown(one), why: those.length === 0 ? 'not_down' : hears ? 'held' : 'nobody' })
  }
  for (const other of after)
    if (other.toldAt !== null && !before.some((one) => one.toldAt !== null && overlaps(one, other)))
      found.fresh.push(shown(other))
}

/** The difference of two tellings, outage by outage. `hears`: somebody would hear of a monitor. */
export const compareTold = (
  before: ToldReplay,
  after: ToldReplay,
  monitors: readonly { readonly id: number; readonly name: string; readonly hears: boolean }[],
): Told => {
  const found = { later: [], earlier: [], hidden: [], behindParent: [], fresh: [], same: 0 }
  for (const { id, name, hears } of monitors)
    compareOutages(name, before.outages.get(id) ?? [], after.outages.get(id) ?? [], found, hears)
  return found
}
