import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { type Found, type ImportPlan, type Left, SourceError } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { createNames } from './names.ts'
import type { Source, SourceFile } from './source.ts'
import { readXml, type XmlElement } from './text/xml-text.ts'
import { readYaml } from './text/yaml-text.ts'

type Values = Readonly<Record<string, unknown>>
const objectsOf = (value: unknown): Values[] =>
  Array.isArray(value) ? value.filter((one): one is Values => isObject(one)) : []
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

/** The address of a host: of its main interface, by IP or by name as it says. */
const addressOf = (host: Values): string | undefined => {
  const interfaces = objectsOf(host.interfaces)
  const isNo = (value: unknown) => value === 'NO' || value === '0' || value === false
  const main = interfaces.find((one) => !isNo(one.default ?? one.main ?? 'YES')) ?? interfaces[0]
  if (!main) return undefined
  return isNo(main.useip ?? 'YES') ? textOf(main.dns) : (textOf(main.ip) ?? textOf(main.dns))
}

const isOff = (host: Values): boolean => host.status === 'DISABLED' || host.status === '1'

const labelsOf = (host: Values): Record<string, string> => {
  const groups = objectsOf(host.groups).map(({ name }) => String(name))
  const tags = objectsOf(host.tags).flatMap(({ tag, value }): [string, string][] => {
    const name = String(tag).replaceAll(/\W+/g, '_')
    return /^[A-Za-z_]\w{0,99}$/.test(name) ? [[name, String(value ?? '') || 'yes']] : []
  })
  return { ...(groups.length > 0 && { groups: groups.join(', ').slice(0, 1000) }), ...Object.fromEntries(tags) }
}

/** What it looked at on a host beside whether it answers: nothing here does, but it should be named. */
const beside = (host: Values): Cause[] => {
  const templates = objectsOf(host.templates).map(({ name }) => String(name))
  const items = Array.isArray(host.items) ? host.items.length : 0
  return [
    ...templates.map((name) => because('import_setting_left', { setting: `template ${name}` })),
    ...(items > 0 ? [because('import_setting_left', { setting: `${items} items` })] : []),
  ]
}

/** What of its XML are lists, as they are in its other forms. */
const LISTS = new Set(['hosts', 'groups', 'interfaces', 'templates', 'tags', 'items'])

const elementValue = ({ name, below, text }: XmlElement): unknown => {
  if (LISTS.has(name)) return below.map(elementValue)
  if (below.length === 0) return text.trim()
  return Object.fromEntries(below.map((one) => [one.name, elementValue(one)]))
}

interface Exported {
  readonly exported: unknown
  readonly lineOf: (host: number) => number
}

const exportedIn = (file: SourceFile): Exported => {
  if (!/^\s*(?:<\?xml|<zabbix_export)/.test(file.headText())) {
    const yaml = readYaml(file)
    const exported = isObject(yaml.value) ? yaml.value.zabbix_export : undefined
    return { exported, lineOf: (host) => yaml.lineOf(['zabbix_export', 'hosts', host]) }
  }
  const root = readXml(file).below.find(({ name }) => name === 'zabbix_export')
  const hosts = root?.below.find(({ name }) => name === 'hosts')?.below ?? []
  return { exported: root && elementValue(root), lineOf: (host) => hosts[host]?.line ?? 1 }
}

const read = (_source: Source, file: SourceFile): ImportPlan => {
  const { exported, lineOf } = exportedIn(file)
  if (!isObject(exported))
    throw new SourceError({ file: file.name, line: 1 }, because('import_kind_not_found', { kind: 'zabbix' }))
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  const left: Left[] = []
  for (const [index, host] of objectsOf(exported.hosts).entries()) {
    const key = textOf(host.host) ?? ''
    const called = textOf(host.name) ?? key
    const place = { file: file.name, line: lineOf(index) }
    const address = addressOf(host)
    if (address === undefined || /[{}$]/.test(address)) {
      left.push({
        what: called,
        place,
        why: because('import_value_unread', { field: 'interfaces', text: address ?? '' }),
      })
      continue
    }
    const { name, notes } = nameOf(called, address)
    const off = isOff(host)
    const labels = labelsOf(host)
    monitors.push({
      key,
      place,
      notes: [...beside(host), ...notes, ...(off ? [because('import_was_off')] : [])],
      entry: {
        name,
        type: 'icmp',
        options: { host: address },
        ...(textOf(host.description) && { description: textOf(host.description)!.slice(0, 2000) }),
        ...(Object.keys(labels).length > 0 && { labels }),
        ...(off && { paused: true }),
      },
    })
  }
  return { kind: 'zabbix', tool: 'Zabbix', monitors, left }
}

/** Hosts that Zabbix exports as YAML, XML or JSON: each is pinged, what else was looked at there is named. */
export const zabbix = defineImporter({
  kind: 'zabbix',
  title: 'Zabbix (hosts, YAML, XML or JSON)',
  recognises: (file) =>
    (/\.(?:ya?ml|json)$/i.test(file.name) && /^\s*(?:\{\s*"?)?zabbix_export"?\s*:/m.test(file.headText())) ||
    (/\.xml$/i.test(file.name) && /<zabbix_export[\s>]/.test(file.headText().slice(0, 2000))),
  read,
})
