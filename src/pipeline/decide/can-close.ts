import type { Alert } from '#core/alert/alert.ts'
import type { Network } from './network.ts'
import type { Registry } from './registry.ts'

export interface CanCloseDeps {
  readonly registry: Pick<Registry, 'monitor'>
  readonly network: Pick<Network, 'state'>
}

/**
 * Whether somebody may end an alert by hand. Of a monitor that is not known to be well nobody may: its end would tell a
 * recovery without an answer, and the trouble would go on untold. It can be acknowledged or silenced.
 */
export const canClose = (
  { status, monitorId }: Pick<Alert, 'status' | 'monitorId'>,
  { registry, network }: CanCloseDeps,
): boolean =>
  status === 'firing' && (monitorId === null || !registry.monitor(monitorId) || network.state(monitorId) === 'up')
