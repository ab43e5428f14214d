import type { Alert } from '#core/alert.ts'
import { endAlert } from './end-alert.ts'
import type { Network } from './network.ts'
import type { Registry } from './registry.ts'
import type { TickDeps } from './tick-deps.ts'

export type Closed = 'closed' | 'closed_and_told' | 'not_open' | 'still_failing'

export interface CloseDeps extends Pick<TickDeps, 'storage' | 'quiets' | 'correlated' | 'ruleOf'> {
  readonly registry: Pick<Registry, 'monitor'>
  readonly network: Network
}

/**
 * Whether somebody may end an alert by hand. Of a monitor that is not known to be well nobody may: its end would tell a
 * recovery without an answer, and the trouble would go on untold. It can be acknowledged or silenced.
 */
export const canClose = (
  { status, monitorId }: Pick<Alert, 'status' | 'monitorId'>,
  { registry, network }: Pick<CloseDeps, 'registry'> & { readonly network: Pick<Network, 'state'> },
): boolean =>
  status === 'firing' && (monitorId === null || !registry.monitor(monitorId) || network.state(monitorId) === 'up')

/** Ends an alert by hand, `by` whom: the one rule for everybody who wants to, whichever way they come. */
export const closeByHand = (id: number, by: string, now: number, deps: CloseDeps): Promise<Closed> =>
  deps.storage.transaction(async (repositories) => {
    const alert = await repositories.alerts.byId(id)
    if (alert?.status !== 'firing') return 'not_open'
    if (!canClose(alert, deps)) return 'still_failing'
    return (await endAlert(alert, 'hand', now, now, deps, repositories, { closed_by: by }))
      ? 'closed_and_told'
      : 'closed'
  })
