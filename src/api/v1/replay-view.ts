import { iso } from '#lib/time/iso.ts'
import type { ReplayedPlan } from '#operations/replay-plan.ts'
import type { ReplayedOutage } from '#pipeline/replay/replay-order.ts'

const outageView = ({ monitor, since, until }: ReplayedOutage) => ({ monitor, since: iso(since), until: iso(until) })
const movedView = ({ byMs, ...outage }: ReplayedPlan['later'][number]) => ({ ...outageView(outage), by_ms: byMs })

/** What a plan would have told otherwise, as the API and `vigia plan --replay --json` tell it. */
export const replayView = (replayed: ReplayedPlan) => ({
  from: iso(replayed.from),
  to: iso(replayed.to),
  results_since: iso(replayed.resultsSince),
  monitors: replayed.monitors,
  results: replayed.results,
  events: replayed.events,
  messages: replayed.messages,
  later: replayed.later.map(movedView),
  earlier: replayed.earlier.map(movedView),
  hidden: replayed.hidden.map(({ why, ...outage }) => ({ ...outageView(outage), why })),
  behind_parent: replayed.behindParent.map(outageView),
  fresh: replayed.fresh.map(outageView),
  same: replayed.same,
  left: { ...replayed.left, without_results: replayed.unseen },
})

export type ReplayView = ReturnType<typeof replayView>
