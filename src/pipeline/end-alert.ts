import type { Alert } from '#core/alert.ts'
import type { Repositories } from '#storage/index.ts'
import { notify } from './notify.ts'
import type { TickDeps } from './tick-deps.ts'

/** Ends an alert without an event of recovery, and tells so where its rule tells recoveries. True when it was told. */
export const endAlert = async (
  { id }: Alert,
  resolvedBy: 'time' | 'hand',
  resolvedAt: number,
  now: number,
  deps: Pick<TickDeps, 'quiets' | 'network' | 'correlated' | 'ruleOf'>,
  repositories: Repositories,
): Promise<boolean> => {
  const alert = await repositories.alerts.update(id, {
    status: 'resolved',
    resolvedAt,
    resolvedBy,
    updatedAt: now,
    resolveAt: null,
    nextDueAt: null,
  })
  deps.correlated?.note(alert)
  const known = deps.ruleOf(alert)
  if (!known) return false
  const { outcome } = await notify(
    { ...known, change: 'resolved', alert, event: undefined, quiets: deps.quiets(), network: deps.network, now },
    repositories,
  )
  return outcome === 'resolved'
}
