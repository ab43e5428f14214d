import { hitBy } from '#core/maintenance/hit.ts'
import { dueTelling, type MaintenancePhase } from '#core/maintenance/telling.ts'
import type { Notice } from '#core/message/notice.ts'
import { noticeFacts } from '#core/message/notice-facts.ts'
import { iso } from '#lib/time/iso.ts'
import type { Storage } from '#storage/index.ts'
import type { MaintenanceWindow } from '#storage/maintenance.ts'
import type { Network } from './network.ts'
import type { Registry } from './registry.ts'

export interface TellMaintenanceDeps {
  readonly storage: Pick<Storage, 'transaction'>
  readonly registry: Pick<Registry, 'monitors' | 'topology' | 'channel'>
  readonly network: Pick<Network, 'state'>
}

/** Windows looked at in one transaction. */
const BATCH = 100
const NAMES_KEPT = 50
/** Who makes what a file names. */
const BY_FILE = 'file'

const noticeOf = (
  phase: MaintenancePhase,
  window: MaintenanceWindow,
  { registry, network }: TellMaintenanceDeps,
): Notice => {
  const { matched, behind, subscribers } = hitBy(
    window,
    registry.monitors().map(({ monitor }) => monitor),
    registry.topology(),
  )
  const all = [...matched, ...behind]
  const down = all.filter(({ id, paused }) => !paused && network.state(id) === 'down')
  return {
    code: `maintenance_${phase}`,
    name: window.name,
    starts_at: iso(window.startsAt),
    ends_at: iso(window.endsAt),
    note: window.note,
    // What a file plans, nobody in particular does.
    by: window.createdBy === BY_FILE ? '' : window.createdBy,
    count: all.length,
    subscribers,
    names: all.slice(0, NAMES_KEPT).map(({ name }) => name),
    down: phase === 'end' ? down.slice(0, NAMES_KEPT).map(({ name }) => name) : [],
  }
}

/** Puts into the outbox what people asked to be told of maintenance windows, each once. True when anything was. */
export const tellMaintenance = async (now: number, deps: TellMaintenanceDeps): Promise<boolean> => {
  return deps.storage.transaction(async ({ maintenance, notifications }) => {
    let told = false
    for (const window of await maintenance.toTell(now, BATCH)) {
      const { phase, nextAt } = dueTelling(window, now)
      if (phase === null) {
        await maintenance.told(window.id, window.told, nextAt)
        continue
      }
      const channels = window.tell!.channelIds.filter((id) => deps.registry.channel(id)?.enabled)
      const payload = noticeFacts(noticeOf(phase, window, deps), now)
      await notifications.insert(
        channels.map((channelId) => ({ alertId: null, channelId, reason: 'notice', payload, createdAt: now })),
      )
      await maintenance.told(window.id, [...window.told, phase], nextAt)
      told ||= channels.length > 0
    }
    return told
  })
}
