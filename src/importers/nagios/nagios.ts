import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import type { Found, ImportPlan, Left, WasDown } from '../import-plan.ts'
import { defineImporter } from '../importer.ts'
import { createNames } from '../names.ts'
import type { Source, SourceFile } from '../source.ts'
import { shortened } from '../text/lines.ts'
import { nagiosLook } from './nagios-looks.ts'
import { listIn, type NagiosObject, readObjects, withTemplates } from './nagios-objects.ts'
import { nagiosStatus } from './nagios-status.ts'

const DEFINES = /^\s*define\s+(?:host|service|hostgroup|command|contact|timeperiod)\s*\{/m
const isObjects = (file: SourceFile): boolean =>
  /\.cfg$|objects\.cache$/.test(file.name) && DEFINES.test(file.headText())

interface Content {
  readonly objects: readonly NagiosObject[]
  readonly left: Left[]
  /** Seconds of a unit of its intervals. */
  readonly unit: number
}

const contentOf = (source: Source, main: SourceFile): Content => {
  const files = source.files.includes(main) ? source.files.filter((file) => file === main || isObjects(file)) : [main]
  const read = files.map(readObjects)
  const settings = source.files.find(({ name }) => /(?:^|\/)nagios\.cfg$/.test(name))
  const unit = Number(/^interval_length=(\d+)/m.exec(settings?.text() ?? '')?.[1] ?? 60)
  return {
    objects: withTemplates(read.flatMap(({ objects }) => objects)),
    left: read.flatMap(({ left }) => left),
    unit: unit > 0 ? unit : 60,
  }
}

const timingOf = ({ values }: NagiosObject, unit: number) => {
  const seconds = (name: string) => Math.round(Number(values.get(name) ?? Number.NaN) * unit)
  const [every, again, remind] = [
    seconds('check_interval'),
    seconds('retry_interval'),
    seconds('notification_interval'),
  ]
  const attempts = Math.round(Number(values.get('max_check_attempts') ?? 0))
  return {
    ...(every > 0 && { interval: `${Math.max(10, every)}s` }),
    ...(again > 0 && { retry_interval: `${Math.max(1, again)}s` }),
    ...(attempts > 0 && attempts <= 100 && { failures: attempts }),
    ...(remind > 0 ? { reminder: `${remind}s` } : remind === 0 && { reminder: 0 as const }),
  }
}

/** Contacts that have an address, as channels; and who is in which group. */
const contactsOf = (objects: readonly NagiosObject[]) => {
  const channels: Found<ChannelEntry>[] = []
  const groups = new Map<string, string[]>()
  const join = (group: string, contact: string) => groups.getOrInsertComputed(group, () => []).push(contact)
  for (const { kind, values, place } of objects) {
    const name = values.get('contact_name')
    if (kind === 'contactgroup')
      for (const contact of listIn(values.get('members'))) join(values.get('contactgroup_name') ?? '', contact)
    if (kind !== 'contact' || name === undefined) continue
    for (const group of listIn(values.get('contactgroups'))) join(group, name)
    const email = values.get('email')
    if (email && /^[^\s@]+@[^\s@]+$/.test(email))
      channels.push({ place, entry: { name, type: 'email', options: { to: [email] } } })
  }
  const known = new Set(channels.map(({ entry }) => entry.name))
  const told = ({ values }: NagiosObject): string[] | undefined => {
    const named = [
      ...listIn(values.get('contacts')),
      ...listIn(values.get('contact_groups')).flatMap((group) => groups.get(group) ?? []),
    ]
    if (!values.has('contacts') && !values.has('contact_groups')) return undefined
    return values.get('notifications_enabled') === '0' ? [] : [...new Set(named)].filter((one) => known.has(one))
  }
  return { channels, told }
}

const ALWAYS = new Set([undefined, '24x7', 'always'])

const notesOf = ({ values }: NagiosObject): Cause[] =>
  ['notification_period', 'check_period']
    .filter((name) => !ALWAYS.has(values.get(name)))
    .map((name) => because('import_setting_left', { setting: `${name} ${values.get(name)}` }))

/** Hosts by their names, and who is in which group. */
interface Hosts {
  readonly hosts: ReadonlyMap<string, NagiosObject>
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
}

const hostsOf = (objects: readonly NagiosObject[], left: Left[]): Hosts => {
  const members = new Map<string, Set<string>>()
  const hosts = new Map<string, NagiosObject>()
  const join = (group: string, host: string) => members.getOrInsertComputed(group, () => new Set()).add(host)
  for (const one of objects) {
    const name = one.values.get('host_name')
    if (one.kind === 'host' && name !== undefined) {
      if (hosts.has(name)) left.push({ what: name, place: one.place, why: because('import_name_twice', { was: name }) })
      else hosts.set(name, one)
      for (const group of listIn(one.values.get('hostgroups'))) join(group, name)
    }
    if (one.kind === 'hostgroup')
      for (const host of listIn(one.values.get('members'))) join(one.values.get('hostgroup_name') ?? '', host)
  }
  return { hosts, members }
}

interface Service {
  readonly one: NagiosObject
  readonly host: NagiosObject
  readonly called: string
}

/** Services by the host and their name: of two of one name on a host the later one holds. */
const servicesOf = (
  objects: readonly NagiosObject[],
  { hosts, members }: Hosts,
  left: Left[],
): ReadonlyMap<string, Service> => {
  const services = new Map<string, Service>()
  for (const one of objects.filter(({ kind }) => kind === 'service')) {
    const named = listIn(one.values.get('host_name')).flatMap((name) => (name === '*' ? [...hosts.keys()] : [name]))
    const grouped = listIn(one.values.get('hostgroup_name')).flatMap((group) => [...(members.get(group) ?? [])])
    const not = new Set(named.filter((name) => name.startsWith('!')).map((name) => name.slice(1)))
    const description = one.values.get('service_description') ?? ''
    for (const name of new Set([...named, ...grouped])) {
      if (name.startsWith('!') || not.has(name)) continue
      const host = hosts.get(name)
      if (!host) left.push({ what: description, place: one.place, why: because('import_parent_missing', { name }) })
      else services.set(`${name}!${description}`, { one, host, called: `${name} ${description}` })
    }
  }
  return services
}

/** Why a host or a service was never looked at there. */
const unlooked = ({ values }: NagiosObject): Cause | undefined => {
  if (!values.has('check_command')) return because('import_setting_left', { setting: 'no check_command' })
  const passive = values.get('active_checks_enabled') === '0'
  return passive ? because('import_setting_left', { setting: 'passive checks' }) : undefined
}

const read = (source: Source, main: SourceFile): ImportPlan => {
  const { objects, left, unit } = contentOf(source, main)
  const { channels, told } = contactsOf(objects)
  const commands = new Map(
    objects.flatMap(({ kind, values }) =>
      kind === 'command' ? [[values.get('command_name') ?? '', values.get('command_line') ?? ''] as const] : [],
    ),
  )
  const all = hostsOf(objects, left)
  const groupsOf = (host: string) =>
    [...all.members].flatMap(([group, those]) => (those.has(host) || those.has('*') ? [group] : []))
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  /** By the host and the service, as its status file names them. */
  const names = new Map<string, string>()

  const add = ({ one, host, called }: Service, key: string, parents: readonly string[]) => {
    const { values, place } = one
    const leave = (why: Cause) => left.push({ what: called, place, why })
    const why = unlooked(one)
    if (why) return leave(why)
    const hostName = host.values.get('host_name')!
    const made = nagiosLook(values.get('check_command')!, host.values.get('address') ?? hostName, hostName, commands)
    if ('unknown' in made) return leave(because('import_kind_unknown', { kind: shortened(made.unknown) }))
    const { name, notes } = nameOf(called)
    names.set(key, name)
    const groups = groupsOf(hostName).join(', ').slice(0, 1000)
    const description = values.get('alias') ?? values.get('notes')
    const entry = {
      name,
      ...made.look,
      ...timingOf(one, unit),
      channels: told(one) ?? told(host) ?? [],
      ...(groups !== '' && { labels: { hostgroups: groups } }),
      ...(description && { description: description.slice(0, 2000) }),
      ...(parents.length > 0 && { parents: [...parents] }),
    }
    monitors.push({ key, place, notes: [...made.notes, ...notesOf(one), ...notes], entry })
  }

  // Of several parents one that answers is enough.
  for (const [name, host] of all.hosts) add({ one: host, host, called: name }, name, listIn(host.values.get('parents')))
  for (const [key, service] of servicesOf(objects, all, left)) {
    const above = names.get(service.host.values.get('host_name')!)
    add(service, key, above === undefined ? [] : [above])
  }
  const down: WasDown[] = nagiosStatus(source).flatMap(({ key, ...was }) => {
    const monitor = names.get(key)
    return monitor === undefined ? [] : [{ ...was, monitor }]
  })
  return { kind: 'nagios', tool: 'Nagios', channels, monitors, down, left }
}

/** Objects of Nagios and Icinga 1: hosts, services, who is told, and by `status.dat` who is down. */
export const nagios = defineImporter({
  kind: 'nagios',
  title: 'Nagios, Icinga 1 (objects)',
  together: true,
  recognises: isObjects,
  read,
})
