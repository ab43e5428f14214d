import { type Cover, type CoverWindow, createCover } from '#core/maintenance/cover.ts'
import { monitorFacts } from '#core/rule/matcher.ts'
import type { Services } from '../services.ts'

/** Whom windows cover, as the network is configured now: those stretches are left out of uptime. */
export const plannedWork = <Window extends CoverWindow>(
  windows: readonly Window[],
  { monitor, topology }: Pick<Services, 'monitor' | 'topology'>,
): Cover<Window> =>
  createCover(windows, {
    parentsOf: topology().parentsOf,
    facts: (id) => {
      const known = monitor(id)
      return known && monitorFacts(known.monitor)
    },
  })
