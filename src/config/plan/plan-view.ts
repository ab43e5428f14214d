import type { ChannelType } from '#core/channel.ts'
import { dutyListEntryOf, dutyPersonEntryOf } from '#core/duty/duty-entry.ts'
import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import { entryOf } from '../monitor-entry.ts'
import type { Touched } from '../touched.ts'
import { channelEntryOf } from '../words/channel-words.ts'
import { maintenanceEntryOf } from '../words/quiet-words.ts'
import { ruleEntryOf } from '../words/rule-words.ts'
import { type FieldChange, fieldChanges, secretChanges } from './field-changes.ts'
import type { Present } from './present.ts'
import type { Did, Step } from './step.ts'
import type { Steps } from './steps.ts'

/** One line of a plan. */
export interface PlannedItem {
  readonly object: Touched['object']
  readonly name: string
  readonly did: Did
  /** `file:line` of what is wanted. */
  readonly place?: string
  /** `file:line` of what is there, where it belongs to a file. */
  readonly owner?: string
  /** Its name until now, where it gets another. */
  readonly was?: string
  readonly changes: readonly FieldChange[]
}

export interface ViewDeps {
  readonly probeTypes: ReadonlyMap<string, Pick<ProbeType, 'options'>>
  readonly channelTypes: ReadonlyMap<string, Pick<ChannelType, 'options'>>
}

type Difference<Spec, Before> = (before: Before, spec: Spec) => readonly FieldChange[]

const itemsOf = <Spec extends object, Before extends object>(
  object: PlannedItem['object'],
  steps: readonly Step<Spec, Before>[],
  difference: Difference<Spec, Before>,
): PlannedItem[] =>
  steps.map(({ did, name, spec, before }) => {
    const { origin: place } = (spec ?? {}) as { readonly origin?: string }
    const { origin: owner, name: was } = (before ?? {}) as { readonly origin?: string; readonly name?: string }
    return {
      object,
      name,
      did,
      ...(place !== undefined && { place }),
      ...(owner !== undefined && { owner }),
      ...(was !== undefined && was !== name && spec && { was }),
      changes: spec && before && (did === 'changed' || did === 'kept') ? difference(before, spec) : [],
    }
  })

/** Options as they are known: of what a file names the store does not hold them, and a running server knows them. */
const knownOptions = ({ running }: Present, kind: 'channels' | 'monitors') => {
  const byName = new Map((running?.[kind] ?? []).map(({ name, options }) => [name, options]))
  return ({ name, options, origin }: Channel | Monitor) => (origin === undefined ? options : byName.get(name))
}

const monitorDifference = (present: Present, { probeTypes }: ViewDeps): Difference<MonitorSpec, Monitor> => {
  const known = knownOptions(present, 'monitors')
  const words = (monitor: MonitorSpec) => {
    const type = probeTypes.get(monitor.type)
    return entryOf(type ? { ...monitor, options: maskSecrets(type.options, monitor.options) } : monitor)
  }
  return (before, spec) => {
    const options = known(before)
    const type = probeTypes.get(spec.type)
    const paused = spec.paused ? {} : { paused: false }
    const secrets =
      options && type && before.type === spec.type ? secretChanges(type.options, options, spec.options) : []
    return [...fieldChanges(words({ ...before, ...paused }), words(spec)), ...secrets]
  }
}

const channelDifference = (present: Present, { channelTypes }: ViewDeps): Difference<ChannelSpec, Channel> => {
  const known = knownOptions(present, 'channels')
  const words = (channel: ChannelSpec) => {
    const type = channelTypes.get(channel.type)
    return channelEntryOf(type ? { ...channel, options: maskSecrets(type.options, channel.options) } : channel)
  }
  return (before, spec) => {
    const options = before.locked ? undefined : known(before)
    if (!options) return fieldChanges(words({ ...before, options: {} }), words({ ...spec, options: {} }))
    const type = channelTypes.get(spec.type)
    const secrets = type && before.type === spec.type ? secretChanges(type.options, options, spec.options) : []
    return [...fieldChanges(words({ ...before, options }), words(spec)), ...secrets]
  }
}

/** What was decided, for people and programs: what changes is told field by field, and no secret is. */
export const plannedItems = (steps: Steps, present: Present, deps: ViewDeps): PlannedItem[] => [
  ...itemsOf('channel', steps.channels, channelDifference(present, deps)),
  ...itemsOf('monitor', steps.monitors, monitorDifference(present, deps)),
  ...itemsOf('rule', steps.rules, (before, spec) => fieldChanges(ruleEntryOf(before), ruleEntryOf(spec))),
  ...itemsOf('silence', steps.silences, () => []),
  ...itemsOf('maintenance plan', steps.plans, (before, spec) =>
    fieldChanges(maintenanceEntryOf(before), maintenanceEntryOf(spec)),
  ),
  ...itemsOf('duty person', steps.people, (before, spec) =>
    fieldChanges(dutyPersonEntryOf(before), dutyPersonEntryOf(spec)),
  ),
  ...itemsOf('duty list', steps.lists, (before, spec) => fieldChanges(dutyListEntryOf(before), dutyListEntryOf(spec))),
  ...steps.settings.map(
    ({ did, name, spec, before }): PlannedItem => ({
      object: 'setting',
      name,
      did,
      changes: did === 'changed' ? [{ field: name, from: before!.value, to: spec }] : [],
    }),
  ),
]
