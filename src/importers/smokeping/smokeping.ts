import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { lazily } from '#lib/run/lazily.ts'
import type { Found, ImportPlan, Left, MonitorHistory, ReadingContext } from '../import-plan.ts'
import { defineImporter } from '../importer.ts'
import { addressesIn } from '../mail-variables.ts'
import { createNames } from '../names.ts'
import type { Source, SourceFile } from '../source.ts'
import { shortened } from '../text/lines.ts'
import { readSmokeConfig, type SmokeConfig, type SmokeSection } from './smokeping-config.ts'
import { canDump, smokeHistory } from './smokeping-history.ts'
import { type SmokeAlert, smokeDegraded, smokeLook } from './smokeping-looks.ts'

const TOOL = 'SmokePing'
const CHANNEL = 'mail'
const DEFAULT_STEP = 300
/** What a target does not hand on to those below it. */
const OWN = new Set(['host', 'menu', 'title', 'remark', 'comment', 'email', 'parents'])

/** Modules of its probes by the names of their instances, with the values of both. */
const probesOf = ({ sections }: SmokeConfig) => {
  const probes = new Map<string, { module: string; values: ReadonlyMap<string, string> }>()
  for (const module of sections.get('Probes')?.below ?? []) {
    probes.set(module.name, { module: module.name, values: module.values })
    for (const one of module.below)
      probes.set(one.name, { module: module.name, values: new Map([...module.values, ...one.values]) })
  }
  return probes
}

const alertsOf = ({ sections }: SmokeConfig): ReadonlyMap<string, SmokeAlert> =>
  new Map(
    (sections.get('Alerts')?.below ?? []).map(({ name, values }) => [
      name,
      { name, type: values.get('type') ?? '', pattern: values.get('pattern') ?? '' },
    ]),
  )

/** To whom its alerts go. */
const mailOf = ({ sections }: SmokeConfig): { channel?: Found<ChannelEntry>; left: Left[] } => {
  const alerts = sections.get('Alerts')
  if (!alerts) return { left: [] }
  const written = alerts.values.get('to') ?? ''
  const { place } = alerts
  const programs = written.split(',').filter((one) => one.trim().startsWith('|'))
  const left = programs.map((program) => ({
    what: 'to',
    place,
    why: because('import_setting_left', { setting: shortened(program) }),
  }))
  const to = addressesIn(written)
  if (to.length === 0) return { left }
  const from = addressesIn(alerts.values.get('from'))[0]
  const host = sections.get('General')?.values.get('mailhost')
  const options = { to, ...(from && { from }), ...(host && { smtp: { host, port: 25 } }) }
  return { left, channel: { place, entry: { name: CHANNEL, type: 'email', options } } }
}

interface Walk {
  readonly config: SmokeConfig
  readonly source: Source
  readonly hasMail: boolean
  readonly monitors: Found<MonitorEntry>[]
  readonly left: Left[]
  /** Dumped databases by the monitor whose history they are. */
  readonly dumps: Map<string, SourceFile>
  readonly filesByEnd: ReadonlyMap<string, SourceFile>
  /** Whether databases can be dumped here; asked where there is one. */
  readonly dumpable: () => boolean
}

/** Bounds of quality that the alerts of a target ask for. */
const qualityOf = (
  named: string | undefined,
  alerts: ReadonlyMap<string, SmokeAlert>,
  step: number,
  notes: Cause[],
) => {
  let degraded: Record<string, string> | undefined
  for (const name of (named ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const alert = alerts.get(name)
    const bounds = alert && smokeDegraded(alert, step)
    const setting = `alert ${name}${alert ? ` ${shortened(alert.pattern, 60)}` : ''}`
    if (!bounds) {
      notes.push(because('import_setting_left', { setting }))
      continue
    }
    const { over, ...bound } = bounds
    degraded = { ...bound, ...degraded, over: degraded?.over ?? over }
    const [[what, text] = []] = Object.entries(bound)
    notes.push(because('import_setting_becomes', { setting, instead: `degraded: ${what} ${text}` }))
  }
  return degraded
}

const walk = (state: Walk) => {
  const { config, monitors, left } = state
  const probes = probesOf(config)
  const alerts = alertsOf(config)
  const database = config.sections.get('Database')?.values
  const nameOf = createNames()

  const target = (
    section: SmokeSection,
    inherited: ReadonlyMap<string, string>,
    path: readonly string[],
    menus: readonly string[],
  ) => {
    const { values, place } = section
    const host = values.get('host')
    const handed = new Map([...inherited, ...[...values].filter(([name]) => !OWN.has(name))])
    const called = values.get('menu') ?? values.get('title') ?? section.name
    if (host !== undefined) one(section, host, new Map([...handed, ...values]), path, menus, called)
    else if (place.line === undefined)
      left.push({ what: called, place, why: because('import_line_unread', { text: section.name }) })
    for (const next of section.below) target(next, handed, [...path, next.name], [...menus, called])
  }

  const one = (
    section: SmokeSection,
    host: string,
    all: ReadonlyMap<string, string>,
    path: readonly string[],
    menus: readonly string[],
    called: string,
  ) => {
    const { place } = section
    const leave = (why: Cause) => left.push({ what: called, place, why })
    // A graph of several targets, which come in themselves.
    if (host.startsWith('/')) return leave(because('import_setting_left', { setting: `multihost ${shortened(host)}` }))
    if (host === 'DYNAMIC') return leave(because('import_setting_left', { setting: 'host = DYNAMIC' }))
    const name = all.get('probe') ?? 'FPing'
    const probe = probes.get(name) ?? { module: name, values: new Map<string, string>() }
    const pings = database?.get('pings')
    const values = new Map([...(pings ? ([['pings', pings]] as const) : []), ...probe.values, ...all])
    const made = smokeLook(probe.module, host, values)
    if (!made) return leave(because('import_kind_unknown', { kind: probe.module }))
    const notes: Cause[] = [...(made.notes ?? [])]
    if (all.get('slaves'))
      notes.push(because('import_setting_left', { setting: `slaves ${shortened(all.get('slaves')!)}` }))
    const step = Math.max(10, Number(probe.values.get('step') ?? database?.get('step')) || DEFAULT_STEP)
    const degraded = qualityOf(all.get('alerts'), alerts, step, notes)
    const { name: free, notes: renamed } = nameOf(called, path.join('/'))
    const group = menus.slice(1).join(' / ')
    const description = [section.values.get('title'), section.values.get('remark')]
      .filter((text) => text && text !== called)
      .join('\n')
    monitors.push({
      key: `/${path.join('/')}`,
      place,
      notes: [...notes, ...renamed],
      entry: {
        name: free,
        ...made.look,
        interval: `${step}s`,
        ...(degraded && { degraded }),
        channels: state.hasMail && all.get('alerts') ? [CHANNEL] : [],
        ...(group && { labels: { group } }),
        ...(description && { description: description.slice(0, 2000) }),
      },
    })
    const end = path.join('/')
    const dump = ['.xml', '.rrd.xml']
      .map((suffix) => state.filesByEnd.get(end + suffix))
      .find((found) => found !== undefined)
    const raw = state.filesByEnd.get(`${end}.rrd`)
    if (dump) state.dumps.set(free, dump)
    else if (raw && state.dumpable()) state.dumps.set(free, raw)
    else if (raw)
      left.push({ what: free, place: { file: raw.name }, why: because('import_rrd_undumped', { file: raw.name }) })
  }

  const targets = config.sections.get('Targets')
  if (targets) target(targets, new Map(), [], [])
}

/** Files of history by every end of their path: a target's lies below some folder of data. */
const byEnd = (source: Source): ReadonlyMap<string, SourceFile> => {
  const found = new Map<string, SourceFile>()
  for (const file of source.files.filter(({ name }) => /\.(?:xml|rrd)$/.test(name))) {
    const parts = file.name.split('/')
    for (const index of parts.keys()) found.set(parts.slice(index).join('/'), file)
  }
  return found
}

const read = (source: Source, main: SourceFile, { programs = false }: ReadingContext): ImportPlan => {
  const config = readSmokeConfig(source, main)
  const { channel, left } = mailOf(config)
  const dumps = new Map<string, SourceFile>()
  const state: Walk = {
    config,
    source,
    hasMail: channel !== undefined,
    monitors: [],
    left: [...config.left, ...left],
    dumps,
    filesByEnd: byEnd(source),
    dumpable: lazily(() => programs && canDump()),
  }
  walk(state)
  const history = function* (): Generator<MonitorHistory> {
    for (const [monitor, file] of dumps) yield { monitor, spans: smokeHistory(file) }
  }
  return {
    kind: 'smokeping',
    tool: TOOL,
    channels: channel ? [channel] : [],
    monitors: state.monitors,
    left: state.left,
    ...(dumps.size > 0 && { history }),
  }
}

/** SmokePing's configuration with all that it includes, and its databases where they are dumped. */
export const smokeping = defineImporter({
  kind: 'smokeping',
  title: 'SmokePing (config, Targets)',
  together: true,
  recognises: (file) =>
    /^\*\*\*\s*Targets\s*\*\*\*/m.test(file.headText()) || /^@include\s+\S*\bTargets\b/m.test(file.headText()),
  read,
})
