import type { Alert } from '#core/alert/alert.ts'
import type { AlertFacts } from '#core/alert/alert-facts.ts'
import type { Repositories } from '#storage/index.ts'
import { notify } from './notify.ts'
import type { TickDeps } from './tick-deps.ts'

/** Ends an alert without an event of recovery, and tells so where its rule tells recoveries. True when it was told. `known` goes into its facts. */
export const endAlert = async (
  { id, facts }: Alert,
  resolvedBy: 'time' | 'hand',
  resolvedAt: number,
  now: number,
  deps: Pick<TickDeps, 'quiets' | 'network' | 'correlated' | 'ruleOf'>,
  repositories: Repositories,
  known: AlertFacts = {},
): Promise<boolean> => {
  const alert = await repositories.alerts.update(id, {
    status: 'resolved',
    resolvedAt,
    resolvedBy,
    updatedAt: now,
    resolveAt: null,
    nextDueAt: null,
    facts: { ...facts, ...known },
  })
  deps.correlated?.note(alert)
  const rule = deps.ruleOf(alert)
  if (!rule) return false
  const { outcome } = await notify(
    { ...rule, change: 'resolved', alert, event: undefined, quiets: deps.quiets(), network: deps.network, now },
    repositories,
  )
  return outcome === 'resolved'
}
