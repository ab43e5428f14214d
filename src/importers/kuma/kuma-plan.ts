import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import type { Found, ImportPlan, Left, Place, WindowEntry } from '../import-plan.ts'
import { createNames } from '../names.ts'
import { type KumaMaintenance, kumaWindow } from './kuma-maintenance.ts'
import { isOn, type KumaMonitor, kumaLook, kumaTiming } from './kuma-monitor.ts'
import { kumaChannel } from './kuma-notification.ts'

const KUMA = 'Uptime Kuma'

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

/** What an Uptime Kuma holds as a plan, and how its monitors are called here, by their ids. */
export const kumaPlan = (
  kind: string,
  content: KumaContent,
  now: number,
): { readonly plan: ImportPlan; readonly names: ReadonlyMap<number, string> } => {
  const left: Left[] = []
  const remarks: Left[] = []
  const channelName = createNames()
  const channelNames = new Map<number, string>()
  const channels: Found<ChannelEntry>[] = []
  for (const { id, name: called, config, active } of content.notifications) {
    const { name, notes } = channelName(called ?? '', `notification ${id}`)
    const place = content.placeOf('notification', id)
    const made = kumaChannel(name, config, isOn(active ?? 1))
    if ('left' in made) {
      left.push({ what: name, place, why: made.left })
      continue
    }
    channelNames.set(id, name)
    channels.push({ entry: made.entry, place, key: String(id), notes: [...made.notes, ...notes] })
  }

  const byId = new Map(content.monitors.map((monitor) => [idOf(monitor), monitor]))
  const nameOf = createNames()
  const names = new Map<number, string>()
  const monitors: Found<MonitorEntry>[] = []
  for (const monitor of content.monitors) {
    const id = idOf(monitor)
    const place = content.placeOf('monitor', id)
    const called = String(monitor.name ?? '')
    if (monitor.type === 'group') {
      const why = because('import_setting_becomes', { setting: 'group', instead: 'label group' })
      remarks.push({ what: called, place, why })
      continue
    }
    const made = kumaLook(monitor)
    if ('left' in made) {
      left.push({ what: called, place, why: made.left })
      continue
    }
    const groups = groupsAbove(monitor, byId)
    const { name, notes: renamed } = nameOf(called, `monitor ${id}`)
    names.set(id, name)
    const notes: Cause[] = [...(made.notes ?? []), ...renamed]
    const paused = [monitor, ...groups].some(({ active }) => !isOn(active ?? 1))
    if (paused) notes.push(because('import_was_paused'))
    // A group that is down was told by its own notifications.
    const told = [id, ...groups.map(idOf)].flatMap((one) => content.notified.get(one) ?? [])
    const known = [...new Set(told)].flatMap((one) => channelNames.get(one) ?? [])
    const missing = [...new Set(told)].filter((one) => !channelNames.has(one))
    for (const one of missing) notes.push(because('import_channel_missing', { name: `notification ${one}` }))
    const labels = labelsOf(content.tagged.get(id) ?? [], groups)
    monitors.push({
      key: String(id),
      place,
      notes,
      entry: {
        name,
        ...made.look,
        ...kumaTiming(monitor),
        channels: known,
        ...(Object.keys(labels).length > 0 && { labels }),
        ...(typeof monitor.description === 'string' &&
          monitor.description !== '' && { description: monitor.description.slice(0, 2000) }),
        ...(paused && { paused: true }),
      },
    })
  }

  const windowName = createNames()
  const maintenance: Found<WindowEntry>[] = []
  for (const row of content.maintenance) {
    const id = idOf(row)
    const place = content.placeOf('maintenance', id)
    const called = String(row.title ?? '')
    const about = (content.maintained.get(id) ?? []).flatMap((one) => names.get(one) ?? [])
    // One of a status page alone covers no monitor.
    if (about.length === 0) continue
    const { name, notes } = windowName(called, `maintenance ${id}`)
    const made = kumaWindow(row, name, about, content.serverZone, now)
    if ('left' in made) left.push({ what: called, place, why: made.left })
    else if ('entry' in made) maintenance.push({ entry: made.entry, place, key: String(id), notes })
  }
  return { plan: { kind, tool: KUMA, channels, monitors, maintenance, left, remarks }, names }
}
