import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { parseDuration } from '#lib/time/duration.ts'
import type { Found, ImportPlan, Left } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { createNames } from './names.ts'
import type { Source, SourceFile } from './source.ts'
import { shortened } from './text/lines.ts'

interface Entry {
  readonly line: number
  readonly text: string
}

/** Lines that add something to netwatch, with those that a backslash joins as one. */
const addedIn = (text: string): Entry[] => {
  const entries: Entry[] = []
  let inside = false
  let joined = ''
  let began = 0
  for (const [index, written] of text.split('\n').entries()) {
    if (joined === '') began = index + 1
    const whole = joined === '' ? written.trim() : joined + written.trimStart()
    joined = whole.endsWith('\\') ? whole.slice(0, -1) : ''
    if (joined !== '') continue
    if (whole.startsWith('/')) inside = /^\/tool[ /]netwatch\b/.test(whole)
    const added = /^(?:\/tool[ /]netwatch )?add (.*)$/.exec(whole)?.[1]
    if (inside && added !== undefined) entries.push({ line: began, text: added })
  }
  return entries
}

const valuesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/([\w.-]+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(([, name, value]) => [
      name!,
      value!.startsWith('"') ? value!.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value!,
    ]),
  )

/** `1m30s`, `500ms`, or `00:01:30`. */
const durationIn = (text: string | undefined): string | undefined => {
  const clock = /^(?:(\d+)d)?(\d\d):(\d\d):(\d\d)(?:\.\d+)?$/.exec(text ?? '')
  if (clock) {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0))
    return `${((days * 24 + hours) * 60 + minutes) * 60 + seconds}s`
  }
  return text !== undefined && (parseDuration(text) ?? 0) > 0 ? text : undefined
}

type Look = Pick<MonitorEntry, 'type' | 'options'> | undefined

const port = (values: ReadonlyMap<string, string>, standard: number): number => Number(values.get('port')) || standard

const web =
  (scheme: 'http' | 'https') =>
  (host: string, values: ReadonlyMap<string, string>): Look => {
    const at = port(values, scheme === 'http' ? 80 : 443)
    const shown = host.includes(':') ? `[${host}]` : host
    return { type: 'http', options: { url: `${scheme}://${shown}:${at}/` } }
  }

const LOOKS: Readonly<Record<string, (host: string, values: ReadonlyMap<string, string>) => Look>> = {
  simple: (host) => ({ type: 'icmp', options: { host, packets: 1 } }),
  icmp: (host, values) => ({
    type: 'icmp',
    options: { host, packets: Math.max(1, Math.min(100, Number(values.get('packet-count')) || 10)) },
  }),
  'tcp-conn': (host, values) => ({ type: 'tcp', options: { host, port: port(values, 80) } }),
  'http-get': web('http'),
  'https-get': web('https'),
  dns: (host, values) => ({
    type: 'dns',
    options: { name: host, ...(values.get('dns-server') && { resolver: values.get('dns-server') }) },
  }),
}

const read = (_source: Source, file: SourceFile): ImportPlan => {
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  const left: Left[] = []
  for (const { line, text } of addedIn(file.text())) {
    const values = valuesOf(text)
    const host = values.get('host') ?? ''
    const place = { file: file.name, line }
    const called = values.get('name') || values.get('comment') || host
    const kind = values.get('type') ?? 'simple'
    const look = host !== '' && Object.hasOwn(LOOKS, kind) ? LOOKS[kind]!(host, values) : undefined
    if (!look) {
      const why =
        host === ''
          ? because('import_line_unread', { text: shortened(text) })
          : because('import_kind_unknown', { kind })
      left.push({ what: called, place, why })
      continue
    }
    const { name, notes: renamed } = nameOf(called, host)
    const scripts = ['up-script', 'down-script', 'test-script'].filter((one) => values.get(one))
    const off = values.get('disabled') === 'yes'
    const every = durationIn(values.get('interval'))
    const patience = durationIn(values.get('timeout'))
    const notes: Cause[] = [
      ...scripts.map((setting) => because('import_setting_left', { setting })),
      ...renamed,
      ...(off ? [because('import_was_off')] : []),
    ]
    monitors.push({
      place,
      key: `${kind} ${host} ${values.get('port') ?? ''}`.trim(),
      notes,
      entry: {
        name,
        ...look,
        ...(every && { interval: every }),
        ...(patience && parseDuration(patience)! < (every ? parseDuration(every)! : 60_000) && { timeout: patience }),
        ...(off && { paused: true }),
      },
    })
  }
  return { kind: 'netwatch', tool: 'RouterOS Netwatch', monitors, left }
}

/** What RouterOS' Netwatch watches, from an export of its configuration. */
export const netwatch = defineImporter({
  kind: 'netwatch',
  title: 'RouterOS Netwatch (export)',
  recognises: (file) => file.size < 16_000_000 && /^\/tool[ /]netwatch\b/m.test(file.headText()),
  read,
})
