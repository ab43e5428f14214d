import type { ConfigurationPlan } from '#operations/configuration.ts'
import type { ReplayedPlan } from '#operations/replay-plan.ts'
import { replayView } from './replay-view.ts'

/** What a file would do, or did, as the API and `vigia plan --json` tell it. */
export const planView = (
  { as, items, sections, fileOnly }: ConfigurationPlan,
  applied: boolean,
  replayed?: ReplayedPlan,
) => ({
  applied,
  as,
  items: items.map(({ changes, ...item }) => ({ ...item, ...(changes.length > 0 && { changes }) })),
  sections,
  file_only: fileOnly,
  ...(replayed && { replay: replayView(replayed) }),
})

export type PlanView = ReturnType<typeof planView>
