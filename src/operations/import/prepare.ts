import type { ImportPlan, Left, MonitorHistory, PastChanges, WasDown } from '#importers/import-plan.ts'
import type { ImportedObject } from '#storage/imported-objects.ts'
import type { Known } from './known.ts'
import {
  type Desk,
  type PrepareDeps,
  type PreparedItem,
  prepareChannels,
  prepareMonitors,
  prepareRules,
  prepareWindows,
  type TakenNames,
} from './prepare-things.ts'

/** What an earlier import brought, and the source has no more. */
export interface Surplus extends ImportedObject {
  readonly source: string
  readonly name: string
}

/** All that an import would do but for its history, decided and not done. */
export interface PreparedThings {
  readonly items: readonly PreparedItem[]
  readonly left: readonly Left[]
  readonly remarks: readonly Left[]
  readonly surplus: readonly Surplus[]
  /** Of those that are new here. */
  readonly down: readonly (WasDown & { readonly tool: string })[]
  /** Of those that are new here. */
  readonly past: readonly (PastChanges & { readonly tool: string })[]
}

export interface Prepared extends PreparedThings {
  readonly history: () => Iterable<MonitorHistory>
}

/** A plan, and by what name later imports of the same know it. */
export interface SourcedPlan {
  readonly source: string
  readonly plan: ImportPlan
}

/** What an earlier import of a source brought and it has no more; what is gone here too, or a file's, is not named. */
const surplusOf = ({ source, imported, items, known }: Desk): Surplus[] => {
  const { channels, monitors, rules, plans } = known
  const ours = { channel: channels, monitor: monitors, rule: rules, 'maintenance plan': plans } as const
  const seen = new Set(items.flatMap(({ object, key, id }) => [`${object} key ${key}`, `${object} id ${id}`]))
  return imported.flatMap((one) => {
    if (seen.has(`${one.object} key ${one.key}`) || seen.has(`${one.object} id ${one.id}`)) return []
    const all: readonly { readonly id: number; readonly name: string; readonly origin?: string }[] = ours[one.object]
    const there = all.find(({ id }) => id === one.id)
    return there && there.origin === undefined ? [{ ...one, source, name: there.name }] : []
  })
}

/** What is said of monitors that are new here, by their names here. */
const ofFresh = <One extends { readonly monitor: string }>(
  { plan, items, monitors }: Desk,
  said: readonly One[] = [],
) => {
  if (said.length === 0) return []
  const fresh = new Set(
    items.flatMap(({ object, did, name }) => (object === 'monitor' && did === 'created' ? name : [])),
  )
  return said.flatMap((one) => {
    const monitor = monitors.get(one.monitor)
    return monitor !== undefined && fresh.has(monitor) ? [{ ...one, monitor, tool: plan.tool }] : []
  })
}

const historyOf = function* (desks: readonly Desk[]): Generator<MonitorHistory> {
  for (const { plan, monitors } of desks)
    for (const { monitor, spans } of plan.history?.() ?? []) {
      const here = monitors.get(monitor)
      if (here !== undefined) yield { monitor: here, spans }
    }
}

/** Prepares what sources hold for coming in beside what there is. Changes nothing. */
export const prepareImport = (plans: readonly SourcedPlan[], known: Known, deps: PrepareDeps): Prepared => {
  const taken: TakenNames = { channel: new Set(), monitor: new Set(), rule: new Set(), 'maintenance plan': new Set() }
  const desks = plans.map(({ source, plan }): Desk => {
    const imported = known.imported.get(source) ?? []
    const names = { channels: new Map<string, string>(), monitors: new Map<string, string>() }
    const desk: Desk = { source, plan, known, imported, taken, deps, items: [], left: [...(plan.left ?? [])], ...names }
    prepareChannels(desk)
    prepareMonitors(desk)
    prepareRules(desk)
    prepareWindows(desk)
    return desk
  })
  return {
    items: desks.flatMap(({ items }) => items),
    left: desks.flatMap(({ left }) => left),
    remarks: plans.flatMap(({ plan }) => plan.remarks ?? []),
    surplus: desks.flatMap(surplusOf),
    down: desks.flatMap((desk) => ofFresh(desk, desk.plan.down)),
    past: desks.flatMap((desk) => ofFresh(desk, desk.plan.past)),
    history: () => historyOf(desks),
  }
}
