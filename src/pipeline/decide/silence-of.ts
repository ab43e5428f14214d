import type { Alert } from '#core/alert/alert.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { monitorFacts, type Quiet, quietFor } from '#core/rule/matcher.ts'
import type { MaintenanceWindow } from '#storage/maintenance.ts'
import type { Silence } from '#storage/silences.ts'
import type { Network } from './network.ts'
import { factsOf } from './quiet-stages.ts'
import type { QuietBook } from './quiets.ts'
import type { Registry } from './registry.ts'

export interface QuietOfDeps {
  readonly quiets: Pick<QuietBook, 'current'>
  readonly registry: Pick<Registry, 'ruleOf'>
}

interface MaintenanceOfDeps {
  readonly network: Pick<Network, 'inMaintenance'>
}

const quietOf = <Q extends Quiet>(
  alert: Alert,
  quiets: readonly Q[],
  now: number,
  registry: QuietOfDeps['registry'],
): Q | undefined => {
  if (alert.status !== 'firing' || quiets.length === 0) return undefined
  const known = registry.ruleOf(alert)
  return known && quietFor(quiets, factsOf(alert, known.rule, undefined, known.monitor), now)
}

/** The silence that mutes what is told of an open alert now, with who made it; undefined when none does. */
export const silenceOf = (alert: Alert, now: number, { quiets, registry }: QuietOfDeps): Silence | undefined =>
  quietOf(alert, quiets.current().silences, now, registry)

/** The maintenance window that an open alert is in now; undefined when it is in none. */
export const maintenanceOf = (
  alert: Alert,
  now: number,
  { quiets, registry, network }: QuietOfDeps & MaintenanceOfDeps,
): MaintenanceWindow | undefined => {
  const { maintenance } = quiets.current()
  const { monitorId, status } = alert
  const own = quietOf(alert, maintenance, now, registry)
  return (
    own ?? (status === 'firing' && monitorId !== null ? network.inMaintenance(monitorId, maintenance, now) : undefined)
  )
}

/** What keeps a monitor quiet now, whether anything of it is open or not. */
export interface MonitorQuiet {
  readonly silence: Silence | undefined
  readonly maintenance: MaintenanceWindow | undefined
}

/** The same of a monitor, whatever happens to it; undefined where nothing keeps it quiet. */
export const monitorQuiet = (
  monitor: Pick<Monitor, 'id' | 'name' | 'severity' | 'labels'>,
  now: number,
  { quiets, network }: Pick<QuietOfDeps, 'quiets'> & MaintenanceOfDeps,
): MonitorQuiet | undefined => {
  const { silences, maintenance } = quiets.current()
  if (silences.length === 0 && maintenance.length === 0) return undefined
  const found = {
    silence: quietFor(silences, monitorFacts(monitor), now),
    maintenance: network.inMaintenance(monitor.id, maintenance, now),
  }
  return found.silence || found.maintenance ? found : undefined
}
