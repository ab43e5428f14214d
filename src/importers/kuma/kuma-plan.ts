import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import type { Found, ImportPlan, Left, Place, WindowEntry } from '../import-plan.ts'
import { createNames } from '../names.ts'
import { type KumaMaintenance, kumaWindow } from './kuma-maintenance.ts'
import { isOn, type KumaMonitor, kumaLook, kumaTiming } from './kuma-monitor.ts'
import { kumaChannel } from './kuma-notification.ts'

const KUMA = 'Uptime Kuma'
const GROUP = { setting: 'group', instead: 'label group' }

export interface KumaNotification {
  readonly id: number
  readonly name: string | null
  readonly config: unknown
  readonly active: unknown
}

export interface KumaTag {
  readonly name: string
  readonly value: string | null
}

/** What an Uptime Kuma holds, whichever way it was read. Lists by the id of a monitor or a maintenance. */
export interface KumaContent {
  readonly monitors: readonly KumaMonitor[]
  readonly notifications: readonly KumaNotification[]
  readonly maintenance: readonly KumaMaintenance[]
  readonly notified: ReadonlyMap<number, readonly number[]>
  readonly tagged: ReadonlyMap<number, readonly KumaTag[]>
  readonly maintained: ReadonlyMap<number, readonly number[]>
  readonly placeOf: (what: 'monitor' | 'notification' | 'maintenance', id: number) => Place
  readonly serverZone: string
}

const idOf = (row: KumaMonitor): number => Number(row.id)

/** What a monitor hangs below, nearest first. */
const groupsAbove = (monitor: KumaMonitor, byId: ReadonlyMap<number, KumaMonitor>): KumaMonitor[] => {
  const above: KumaMonitor[] = []
  for (let next = byId.get(Number(monitor.parent)); next && !above.includes(next); next = byId.get(Number(next.parent)))
    above.push(next)
  return above
}

const labelName = (name: string): string | undefined => {
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 100)
  if (plain === '') return undefined
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`
}

const labelsOf = (tags: readonly KumaTag[], groups: readonly KumaMonitor[]): Record<string, string> => {
  const labels: Record<string, string> = {}
  if (groups.length > 0)
    labels.group = groups
      .map(({ name }) => String(name))
      .toReversed()
      .join(' / ')
  for (const { name, value } of tags) {
    const label = labelName(name)
    if (label === undefined) continue
    const text = value || 'yes'
    labels[label] = (labels[label] === undefined ? text : `${labels[label]}, ${text}`).slice(0, 1000)
  }
  return labels
}

/** A plan as it grows. */
interface Growing {
  readonly content: KumaContent
  readonly left: Left[]
  readonly remarks: Left[]
  /** Names here, by ids there. */
  readonly channelNames: Map<number, string>
  readonly names: Map<number, string>
}

const channelsOf = ({ content, left, channelNames }: Growing): Found<ChannelEntry>[] => {
  const nameOf = createNames()
  return content.notifications.flatMap(({ id, name: called, config, active }) => {
    const { name, notes } = nameOf(called ?? '', `notification ${id}`)
    const place = content.placeOf('notification', id)
    const made = kumaChannel(name, config, isOn(active ?? 1))
    if ('left' in made) {
      left.push({ what: name, place, why: made.left })
      return []
    }
    channelNames.set(id, name)
    return [{ entry: made.entry, place, key: String(id), notes: [...made.notes, ...notes] }]
  })
}

/** Who is told: by a monitor, and by the groups above it, which were told by their own notifications. */
const toldBy = (ids: readonly number[], { content, channelNames }: Growing, notes: Cause[]): string[] => {
  const told = [...new Set(ids.flatMap((id) => content.notified.get(id) ?? []))]
  return told.flatMap((id) => {
    const name = channelNames.get(id)
    if (name === undefined) notes.push(because('import_channel_missing', { name: `notification ${id}` }))
    return name === undefined ? [] : [name]
  })
}

const monitorsOf = (growing: Growing): Found<MonitorEntry>[] => {
  const { content, left, remarks, names } = growing
  const byId = new Map(content.monitors.map((monitor) => [idOf(monitor), monitor]))
  const nameOf = createNames()
  return content.monitors.flatMap((monitor) => {
    const id = idOf(monitor)
    const place = content.placeOf('monitor', id)
    const called = String(monitor.name ?? '')
    if (monitor.type === 'group') {
      remarks.push({ what: called, place, why: because('import_setting_becomes', GROUP) })
      return []
    }
    const made = kumaLook(monitor)
    if ('left' in made) {
      left.push({ what: called, place, why: made.left })
      return []
    }
    const groups = groupsAbove(monitor, byId)
    const { name, notes: renamed } = nameOf(called, `monitor ${id}`)
    names.set(id, name)
    const notes: Cause[] = [...(made.notes ?? []), ...renamed]
    const paused = [monitor, ...groups].some(({ active }) => !isOn(active ?? 1))
    if (paused) notes.push(because('import_was_paused'))
    const channels = toldBy([id, ...groups.map(idOf)], growing, notes)
    const labels = labelsOf(content.tagged.get(id) ?? [], groups)
    const description = typeof monitor.description === 'string' ? monitor.description.slice(0, 2000) : ''
    const entry = {
      name,
      ...made.look,
      ...kumaTiming(monitor),
      channels,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(description !== '' && { description }),
      ...(paused && { paused: true }),
    }
    return [{ key: String(id), place, notes, entry }]
  })
}

const windowsOf = ({ content, left, names }: Growing, now: number): Found<WindowEntry>[] => {
  const nameOf = createNames()
  return content.maintenance.flatMap((row) => {
    const id = idOf(row)
    const about = (content.maintained.get(id) ?? []).flatMap((one) => names.get(one) ?? [])
    // One of a status page alone covers no monitor.
    if (about.length === 0) return []
    const place = content.placeOf('maintenance', id)
    const called = String(row.title ?? '')
    const { name, notes } = nameOf(called, `maintenance ${id}`)
    const made = kumaWindow(row, name, about, content.serverZone, now)
    if ('left' in made) left.push({ what: called, place, why: made.left })
    return 'entry' in made ? [{ entry: made.entry, place, key: String(id), notes }] : []
  })
}

/** What an Uptime Kuma holds as a plan, and how its monitors are called here, by their ids. */
export const kumaPlan = (
  kind: string,
  content: KumaContent,
  now: number,
): { readonly plan: ImportPlan; readonly names: ReadonlyMap<number, string> } => {
  const growing: Growing = { content, left: [], remarks: [], channelNames: new Map(), names: new Map() }
  const channels = channelsOf(growing)
  const monitors = monitorsOf(growing)
  const maintenance = windowsOf(growing, now)
  const { left, remarks, names } = growing
  return { plan: { kind, tool: KUMA, channels, monitors, maintenance, left, remarks }, names }
}
