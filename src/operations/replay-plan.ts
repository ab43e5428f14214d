import { dirname, join } from 'node:path'
import type { Config } from '#config/load.ts'
import { createBreath } from '#lib/run/breath.ts'
import type { ReplayOrder, ReplayReport } from '#pipeline/replay/replay-order.ts'
import type { Storage } from '#storage/index.ts'
import type { PlanChoice, PlanOperations } from './configuration.ts'
import type { NotReplayed } from './replay-sides.ts'

/** What a plan would have told otherwise, and what of that is not known. */
export interface ReplayedPlan extends ReplayReport {
  readonly left: NotReplayed
}

export interface ReplayPlanDeps {
  readonly storage: Storage
  readonly operations: Pick<PlanOperations, 'sides'>
  readonly now: () => number
  readonly tooOldMs: number
  /** Does the work: in a thread where others wait meanwhile. */
  readonly run: (order: ReplayOrder) => ReplayReport | Promise<ReplayReport>
}

/** Silences and windows that are looked at, the newest. */
const MOST_QUIETS = 5000

/** Compares what is with what a file wants over the stored results and events since `spanMs`; undefined on a database server. */
export const replayPlan = async (
  config: Config,
  choice: PlanChoice,
  spanMs: number,
  { storage, operations, now, tooOldMs, run }: ReplayPlanDeps,
): Promise<ReplayedPlan | undefined> => {
  const { path } = storage
  if (path === undefined) return undefined
  const { before, after, left } = await operations.sides(config, choice, storage)
  const to = now()
  const quiets = {
    silences: await storage.silences.list(MOST_QUIETS),
    maintenance: await storage.maintenance.list(MOST_QUIETS),
  }
  // Others have their turn before all of it is copied to the thread.
  await createBreath(0)()
  const historyPath = join(dirname(path), 'history.db')
  const report = await run({ path, historyPath, from: to - spanMs, to, tooOldMs, before, after, quiets })
  return { ...report, left }
}
