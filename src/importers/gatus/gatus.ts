import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { parseDuration } from '#lib/time/duration.ts'
import type { Found, ImportPlan, Left, Place, WindowEntry } from '../import-plan.ts'
import { defineImporter } from '../importer.ts'
import { createNames } from '../names.ts'
import type { Source, SourceFile } from '../source.ts'
import { shortened } from '../text/lines.ts'
import { readYaml, type YamlText } from '../text/yaml-text.ts'
import { gatusChannel, gatusTelling } from './gatus-alerting.ts'
import { gatusConditions } from './gatus-conditions.ts'

type Endpoint = Readonly<Record<string, unknown>>

const isYaml = (file: SourceFile): boolean => /\.ya?ml$/i.test(file.name)
const recognises = (file: SourceFile): boolean => {
  const head = file.headText()
  return (
    isYaml(file) &&
    /^(?:endpoints|services|external-endpoints):/m.test(head) &&
    /\[(?:STATUS|CONNECTED|BODY|RESPONSE_TIME|DNS_RCODE|CERTIFICATE_EXPIRATION)\]|^\s+(?:group|url|token):/m.test(head)
  )
}
const isPart = (file: SourceFile): boolean =>
  isYaml(file) && (recognises(file) || /^(?:alerting|maintenance):/m.test(file.headText()))

/** What it looks at; undefined for a kind that nothing here has. */
const lookOf = (endpoint: Endpoint): Pick<MonitorEntry, 'type' | 'options'> | undefined => {
  const written = String(endpoint.url ?? '')
  if (isObject(endpoint.dns)) {
    const { 'query-name': name, 'query-type': type } = endpoint.dns
    return {
      type: 'dns',
      options: {
        name: String(name ?? '').replace(/\.$/, ''),
        ...(type !== undefined && { type: String(type).toUpperCase() }),
        resolver: written,
      },
    }
  }
  const url = URL.parse(written)
  if (!url) return undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port)
  if (url.protocol === 'icmp:') return { type: 'icmp', options: { host, packets: 1 } }
  if (url.protocol === 'tcp:' || url.protocol === 'ssh:') return { type: 'tcp', options: { host, port: port || 22 } }
  if (url.protocol === 'tls:') return { type: 'tls', options: { host, ...(port && { port }) } }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  const { method, body, headers, client } = endpoint
  const { insecure, 'ignore-redirect': stays } = isObject(client) ? client : {}
  const named = isObject(headers)
    ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    : {}
  return {
    type: 'http',
    options: {
      url: written,
      ...(typeof method === 'string' && method.toUpperCase() !== 'GET' && { method: method.toUpperCase() }),
      ...(typeof body === 'string' && body !== '' && { body }),
      ...(Object.keys(named).length > 0 && { headers: named }),
      ...(insecure === true && { verify: false }),
      ...(stays === true && { redirects: 0 }),
    },
  }
}

const durationIn = (value: unknown): string | undefined =>
  typeof value === 'string' && (parseDuration(value) ?? 0) > 0 ? value : undefined

/** Settings of an endpoint that nothing here has. */
const LEFT = ['graphql', 'ssh', 'store', 'always-run', 'maintenance-windows']

const leftOf = (endpoint: Endpoint): Cause[] => {
  const { client } = endpoint
  const ofClient = isObject(client)
    ? ['oauth2', 'proxy-url', 'tls', 'dns-resolver', 'identity-aware-proxy'].filter(
        (name) => client[name] !== undefined,
      )
    : []
  return [...LEFT.filter((name) => endpoint[name] !== undefined && endpoint[name] !== false), ...ofClient].map(
    (setting) => because('import_setting_left', { setting }),
  )
}

const timingOf = ({ interval, client }: Endpoint, type: string) => {
  const every = durationIn(interval) ?? '60s'
  const patience = durationIn(isObject(client) ? client.timeout : undefined) ?? '10s'
  const most = Math.min(parseDuration(patience)!, parseDuration(every)!)
  return {
    interval: every,
    retry_interval: every,
    recovery_interval: every,
    ...(type !== 'push' && { timeout: `${most}ms` }),
  }
}

interface Part {
  readonly file: SourceFile
  readonly yaml: YamlText
  readonly content: Readonly<Record<string, unknown>>
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** Its planned work covers all that it watches. */
const windowOf = (maintenance: unknown, place: Place): { window?: Found<WindowEntry>; left: Left[] } => {
  if (!isObject(maintenance) || maintenance.enabled === false) return { left: [] }
  const [, hour, minute] = /^(\d\d?):(\d\d)$/.exec(String(maintenance.start ?? '')) ?? []
  const duration = durationIn(maintenance.duration)
  const days = (Array.isArray(maintenance.every) ? maintenance.every : []).map((day) =>
    WEEKDAYS.indexOf(String(day).toLowerCase()),
  )
  if (minute === undefined || duration === undefined || days.includes(-1))
    return {
      left: [
        {
          what: 'maintenance',
          place,
          why: because('import_value_unread', { field: 'maintenance', text: shortened(JSON.stringify(maintenance)) }),
        },
      ],
    }
  const cron = `${Number(minute)} ${Number(hour)} * * ${days.length > 0 ? days.join(',') : '*'}`
  const zone = maintenance.timezone
  const entry = {
    name: 'Gatus',
    match: { monitor: '~.+' },
    cron,
    duration,
    time_zone: typeof zone === 'string' ? zone : 'UTC',
  }
  return { window: { entry, place }, left: [] }
}

const LISTS = ['endpoints', 'services', 'external-endpoints'] as const

/** What is said for all: who is told, and when work is planned. */
interface Common {
  readonly alerting: Readonly<Record<string, unknown>>
  readonly channels: readonly Found<ChannelEntry>[]
  readonly maintenance: readonly Found<WindowEntry>[]
}

const commonOf = (parts: readonly Part[], left: Left[]): Common => {
  const alerting: Record<string, unknown> = {}
  const channels: Found<ChannelEntry>[] = []
  const maintenance: Found<WindowEntry>[] = []
  for (const { file, yaml, content } of parts) {
    const placeOf = (...path: (string | number)[]): Place => ({ file: file.name, line: yaml.lineOf(path) })
    for (const [kind, provider] of Object.entries(isObject(content.alerting) ? content.alerting : {})) {
      alerting[kind] = provider
      const made = gatusChannel(kind, provider)
      if ('left' in made) left.push({ what: kind, place: placeOf('alerting', kind), why: made.left })
      else channels.push({ ...made, place: placeOf('alerting', kind) })
    }
    const { window, left: unread } = windowOf(content.maintenance, placeOf('maintenance'))
    if (window) maintenance.push(window)
    left.push(...unread)
  }
  return { alerting, channels, maintenance }
}

/** One that calls by itself, as a push monitor; else as it looks. */
const lookOfOne = (
  endpoint: Endpoint,
  isExternal: boolean,
): Pick<MonitorEntry, 'type' | 'options'> | { readonly kind: string } => {
  const { heartbeat } = endpoint
  const period = isObject(heartbeat) ? durationIn(heartbeat.interval) : undefined
  if (isExternal) return period === undefined ? { kind: 'external' } : { type: 'push', options: { period } }
  const written = String(endpoint.url ?? '')
  return lookOf(endpoint) ?? { kind: /^[a-z]+(?=:)/i.exec(written)?.[0] ?? shortened(written) }
}

const labelsOf = (group: string | undefined, extra: unknown) => {
  const more = isObject(extra) ? Object.entries(extra).map(([key, value]) => [key, String(value)]) : []
  const labels = { ...(group !== undefined && { group }), ...Object.fromEntries(more) }
  return Object.keys(labels).length > 0 ? { labels } : {}
}

const monitorOf = (
  endpoint: Endpoint,
  isExternal: boolean,
  place: Place,
  nameOf: ReturnType<typeof createNames>,
  { alerting, channels }: Common,
): Found<MonitorEntry> | Left => {
  const called = String(endpoint.name ?? '')
  const group = typeof endpoint.group === 'string' ? endpoint.group : undefined
  const look = lookOfOne(endpoint, isExternal)
  if ('kind' in look) return { what: called, place, why: because('import_kind_unknown', { kind: look.kind }) }
  const { name, notes } = nameOf(called, group)
  const conditions = Array.isArray(endpoint.conditions) ? endpoint.conditions.map(String) : []
  const verdict = isExternal ? undefined : gatusConditions(conditions, look.type!)
  const { kinds, settings } = gatusTelling(endpoint.alerts, alerting)
  const known = new Set(channels.map(({ entry }) => entry.name))
  const untold = kinds
    .filter((kind) => !known.has(kind))
    .map((kind) => because('import_channel_missing', { name: kind }))
  const off = endpoint.enabled === false
  return {
    key: `${group ?? ''}/${called}`,
    place,
    notes: [
      ...(verdict?.notes ?? []),
      ...leftOf(endpoint),
      ...untold,
      ...notes,
      ...(off ? [because('import_was_off')] : []),
    ],
    entry: {
      name,
      type: look.type!,
      options: { ...look.options, ...verdict?.options },
      ...(verdict?.degraded && { degraded: verdict.degraded }),
      ...timingOf(endpoint, look.type!),
      ...settings,
      channels: kinds.filter((kind) => known.has(kind)),
      ...labelsOf(group, endpoint['extra-labels']),
      ...(off && { paused: true }),
    },
  }
}

const partsOf = (source: Source, main: SourceFile): Part[] => {
  const files = source.files.includes(main) ? source.files.filter((file) => file === main || isPart(file)) : [main]
  return files.flatMap((file) => {
    const yaml = readYaml(file)
    return isObject(yaml.value) ? [{ file, yaml, content: yaml.value }] : []
  })
}

const read = (source: Source, main: SourceFile): ImportPlan => {
  const parts = partsOf(source, main)
  const left: Left[] = []
  const common = commonOf(parts, left)
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  for (const { file, yaml, content } of parts)
    for (const list of LISTS)
      for (const [index, endpoint] of (Array.isArray(content[list]) ? content[list] : []).entries()) {
        if (!isObject(endpoint)) continue
        const place = { file: file.name, line: yaml.lineOf([list, index]) }
        const made = monitorOf(endpoint, list === 'external-endpoints', place, nameOf, common)
        if ('why' in made) left.push(made)
        else monitors.push(made)
      }
  const { channels, maintenance } = common
  return { kind: 'gatus', tool: 'Gatus', channels, monitors, maintenance, left }
}

/** Gatus' configuration, in one file or in a folder of them. */
export const gatus = defineImporter({ kind: 'gatus', title: 'Gatus (YAML)', together: true, recognises, read })
