import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because } from '#core/cause/cause.ts'
import type { Found, ImportPlan, Left } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { createNames } from './names.ts'
import type { Source, SourceFile } from './source.ts'
import { shortened } from './text/lines.ts'
import { type PythonEntry, type PythonName, readPythonValues } from './text/python-values.ts'

const TOOL = 'DownDetector'
const CHANNEL = 'slack'

const entriesOf = (value: unknown): readonly PythonEntry[] | undefined =>
  typeof value === 'object' && value !== null && 'entries' in value && Array.isArray(value.entries)
    ? (value.entries as readonly PythonEntry[])
    : undefined

const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536

/** Ports of a service: a number, `{"port": N}`, or several of them. */
const portsOf = (value: PythonEntry['value']): readonly number[] => {
  const inner = entriesOf(value)
  const ports = inner ? inner.filter(({ key }) => key === 'port' || key === 'ports').map((one) => one.value) : [value]
  return ports.flat().filter(isPort)
}

const secondsText = (seconds: number): string => `${Math.round(seconds * 1000)}ms`

const numberOf = (names: ReadonlyMap<string, PythonName>, name: string): number | undefined => {
  const value = names.get(name)?.value
  return typeof value === 'number' && value > 0 && value < 1e7 ? value : undefined
}

/** Constants of the program, as settings of every monitor. */
const settingsOf = (names: ReadonlyMap<string, PythonName>) => {
  const [every, recovery, timeout, failures] = [
    'CHECK_INTERVAL',
    'RECOVERY_INTERVAL',
    'CONNECTION_TIMEOUT',
    'FAILURE_THRESHOLD',
  ].map((name) => numberOf(names, name))
  const interval = every === undefined ? undefined : secondsText(Math.max(1, every))
  return {
    preset: 'down_detector' as const,
    ...(interval && { interval, retry_interval: interval }),
    ...(recovery !== undefined && { recovery_interval: secondsText(Math.max(1, recovery)) }),
    ...(timeout !== undefined && { timeout: secondsText(timeout) }),
    ...(failures !== undefined && Number.isInteger(failures) && failures <= 100 && { failures }),
  }
}

const slackOf = (
  names: ReadonlyMap<string, PythonName>,
  file: string,
): { channel?: Found<ChannelEntry>; left: Left[] } => {
  const found = names.get('SLACK_WEBHOOK_URL')
  if (!found) return { left: [] }
  const place = { file, line: found.line }
  const { value } = found
  if (typeof value !== 'string' || !/^https?:\/\//.test(value))
    return { left: [{ what: CHANNEL, place, why: because('import_secret_missing', { field: 'SLACK_WEBHOOK_URL' }) }] }
  const entry = { name: CHANNEL, type: 'slack', options: { webhook_url: value } }
  return { channel: { place, entry }, left: [] }
}

const read = (_source: Source, file: SourceFile): ImportPlan => {
  const names = readPythonValues(file.text())
  const services = names.get('SERVICES')
  const { channel, left } = slackOf(names, file.name)
  const listed = entriesOf(services?.value)
  if (services && !listed) {
    const why = because('import_value_unresolved', { field: 'SERVICES', text: shortened(services.text) })
    left.push({ what: 'SERVICES', place: { file: file.name, line: services.line }, why })
  }
  const settings = settingsOf(names)
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  // A program keeps the last of those with one key.
  const last = new Map((listed ?? []).map((entry) => [String(entry.key), entry]))
  for (const [host, { value, line }] of last) {
    const place = { file: file.name, line }
    const ports = portsOf(value)
    if (ports.length === 0)
      left.push({
        what: host,
        place,
        why: because('import_value_unread', { field: 'port', text: shortened(JSON.stringify(value)) }),
      })
    for (const port of ports) {
      const { name, notes } = nameOf(ports.length > 1 ? `${host}:${port}` : host)
      const entry = { name, type: 'tcp', options: { host, port }, ...settings, channels: channel ? [CHANNEL] : [] }
      monitors.push({ key: `${host}:${port}`, place, notes, entry })
    }
  }
  const threshold = settings.failures
  const later =
    threshold === undefined ? undefined : `FAILURE_THRESHOLD ${threshold}, told there at failure ${threshold + 1}`
  return {
    kind: 'python-services',
    tool: TOOL,
    channels: channel ? [channel] : [],
    monitors,
    left,
    remarks: later
      ? [
          {
            what: 'FAILURE_THRESHOLD',
            place: { file: file.name, line: names.get('FAILURE_THRESHOLD')!.line },
            why: because('import_setting_becomes', { setting: later, instead: `failures: ${threshold}` }),
          },
        ]
      : [],
  }
}

/** The TCP monitor: its dictionary of services and its constants. The program is read, never run. */
export const pythonServices = defineImporter({
  kind: 'python-services',
  title: 'TCP monitor (SERVICES)',
  recognises: (file) => /\.py$/i.test(file.name) && /^SERVICES[ \t]*(?::[^=\n]*)?=/m.test(file.headText()),
  read,
})
