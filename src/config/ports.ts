import { because, type Cause } from '#core/cause/cause.ts'
import { MOST_PORTS } from '#core/port/port-sample.ts'
import { DEFAULT_PORT_LIMITS, type PortStateLimits } from '#core/port/port-state.ts'
import { parsePortList } from '#lib/net/port-list.ts'
import { parseDuration } from '#lib/time/duration.ts'
import type { LimitsEntry, PortsEntry } from './observing-schema.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'

/** Which ports are counted, how often, and when something is wrong with one. */
export interface PortSettings {
  readonly watch: readonly number[] | 'listening'
  readonly everyMs: number
  readonly remote: boolean
  readonly limits: PortStateLimits
  readonly perPort: Readonly<Record<number, PortStateLimits>>
}

/** How often ports are counted where nobody says. */
export const EVERY_MS = 5000
const SHORTEST_MS = 1000
export const LISTENING = 'listening'
/** What the older exporter counted, and where it answered, without being told. */
export const OLDER_PORTS = '3000,8080'
export const OLDER_PORT = '8000'
/** Items that are no ports and are named each. */
const MOST_TOLD = 10

/** A part of the limits: switched off by `false`, else what is said of it over what holds without. */
const part = <Entry extends object, Limit extends object>(
  entry: Entry | false | undefined,
  base: Limit | undefined,
  usual: Limit,
  read: (entry: Entry) => Partial<Limit>,
): Limit | undefined => {
  if (entry === undefined) return base
  return entry === false ? undefined : { ...(base ?? usual), ...read(entry) }
}

const USUAL = {
  synFlood: { atLeast: 100, timesUsual: 5 },
  closeWaitLeak: { atLeast: 100 },
  timeWaitExhaustion: { share: 0.8 },
} as const

const limitsOf = (entry: LimitsEntry = {}, base: PortStateLimits = DEFAULT_PORT_LIMITS): PortStateLimits => {
  const synFlood = part(
    entry.syn_flood,
    base.synFlood,
    USUAL.synFlood,
    ({ at_least: atLeast, times_usual: times }) => ({
      ...(atLeast !== undefined && { atLeast }),
      ...(times !== undefined && { timesUsual: times }),
    }),
  )
  const closeWaitLeak = part(entry.close_wait_leak, base.closeWaitLeak, USUAL.closeWaitLeak, ({ at_least: atLeast }) =>
    atLeast === undefined ? {} : { atLeast },
  )
  const timeWaitExhaustion = part(
    entry.time_wait_exhaustion,
    base.timeWaitExhaustion,
    USUAL.timeWaitExhaustion,
    ({ share }) => (share === undefined ? {} : { share: Number.parseInt(share, 10) / 100 }),
  )
  return {
    ...(synFlood && { synFlood }),
    ...(closeWaitLeak && { closeWaitLeak }),
    ...(timeWaitExhaustion && { timeWaitExhaustion }),
    listenerGone: entry.listener_gone ?? base.listenerGone ?? false,
    acceptQueueOverflow: entry.accept_queue_overflow ?? base.acceptQueueOverflow ?? false,
    confirm: entry.confirm ?? base.confirm,
  }
}

/** The ports of `watch`: a word, a text such as `22, 80`, or a list; what is no port with its place in the list. */
const watchedPorts = (watch: PortsEntry['watch']) => {
  const problems: { readonly index?: number; readonly what: string | Cause }[] = []
  if (typeof watch === 'string' && watch.trim() === LISTENING) return { ports: LISTENING, problems } as const
  const items = Array.isArray(watch) ? watch.map(String) : [String(watch)]
  const ports = new Set<number>()
  for (const [index, item] of items.entries()) {
    const read = parsePortList(item)
    for (const port of read.ports) ports.add(port)
    for (const message of read.problems)
      problems.push({ ...(Array.isArray(watch) && { index }), what: `watch: ${message}` })
  }
  if (ports.size === 0 && problems.length === 0)
    problems.push({ what: because('config_ports_none', { example: '[22, 80]', word: LISTENING }) })
  if (ports.size > MOST_PORTS)
    problems.push({ what: because('config_ports_too_many', { count: ports.size, most: MOST_PORTS }) })
  return { ports: [...ports], problems }
}

/** The ports that a file names; what is wrong is among the problems. */
export const buildPorts = (
  entry: PortsEntry | undefined,
  { source, problems }: { readonly source: ConfigSource; readonly problems: ConfigProblem[] },
): PortSettings | undefined => {
  if (!entry) return undefined
  const say = (path: Path, what: string | Cause) => problems.push(source.problem(['sources', 'ports', ...path], what))
  const everyMs = entry.every === undefined ? EVERY_MS : parseDuration(entry.every)!
  if (everyMs < SHORTEST_MS) say(['every'], because('config_ports_too_often'))
  const { ports, problems: wrong } = watchedPorts(entry.watch)
  for (const { index, what } of wrong) say(index === undefined ? ['watch'] : ['watch', index], what)
  const limits = limitsOf(entry.limits)
  const others = Object.entries(entry.per_port ?? {})
  for (const [port] of others)
    if (Number(port) > 65_535) say(['per_port', port], because('config_not_a_port', { port }))
  return {
    watch: ports,
    everyMs,
    remote: entry.remote ?? false,
    limits,
    perPort: Object.fromEntries(others.map(([port, one]) => [Number(port), limitsOf(one, limits)])),
  }
}

/** Ports that a text names, and in words what of it is left out. */
export interface ReadPorts {
  /** Undefined when no port remains. */
  readonly watch: PortSettings['watch'] | undefined
  readonly problems: readonly string[]
}

/** Reads a list of ports, or `listening`, that stands under the name `from`: an environment variable or an option. */
export const readPorts = (text: string, from: string): ReadPorts => {
  if (text.trim() === LISTENING) return { watch: LISTENING, problems: [] }
  const { ports, problems } = parsePortList(text)
  const told = problems.slice(0, MOST_TOLD).map((problem) => `${problem}; it is left out`)
  if (problems.length > MOST_TOLD) told.push(`${problems.length - MOST_TOLD} more items are no ports`)
  if (ports.length > MOST_PORTS) told.push(`${ports.length} ports are too many, the first ${MOST_PORTS} are counted`)
  if (ports.length === 0) told.push(`no port is left; write for example ${OLDER_PORTS}, or ${LISTENING}`)
  return {
    watch: ports.length === 0 ? undefined : ports.slice(0, MOST_PORTS),
    problems: told.map((one) => `${from}: ${one}`),
  }
}

/** The one port that a text under the name `from` names, or what is wrong with it. */
export const readPort = (text: string, from: string): number | { readonly problem: string } => {
  const { ports, problems } = parsePortList(text)
  const [port] = ports
  return ports.length === 1 && problems.length === 0 && port !== undefined
    ? port
    : { problem: `${from}: "${text.trim().slice(0, 40)}" is not a port: write a number from 1 to 65535` }
}

/** A variable of the environment; one that is set to nothing counts as not set. */
const named = (environment: NodeJS.ProcessEnv, name: string): string | undefined =>
  environment[name]?.trim() || undefined

/** What the environment says as it did to the older exporter. Each is undefined where it says nothing. */
export const olderEnvironment = (environment: NodeJS.ProcessEnv) => ({
  ports: named(environment, 'PUERTOS_A_MONITOREAR'),
  port: named(environment, 'PROMETHEUS_PORT'),
  host: named(environment, 'HOST'),
})

/**
 * The ports that the environment names as for the older exporter: `PUERTOS_A_MONITOREAR`, and where only
 * `PROMETHEUS_PORT` is set, its defaults. Undefined when it names none.
 */
export const portsOfEnvironment = (
  environment: NodeJS.ProcessEnv,
): { readonly settings: PortSettings | undefined; readonly problems: readonly string[] } => {
  const { ports, port } = olderEnvironment(environment)
  const text = ports ?? (port === undefined ? undefined : OLDER_PORTS)
  if (text === undefined) return { settings: undefined, problems: [] }
  const { watch, problems } = readPorts(text, 'PUERTOS_A_MONITOREAR')
  const usual = { everyMs: EVERY_MS, remote: false, limits: DEFAULT_PORT_LIMITS, perPort: {} }
  return { settings: watch && { watch, ...usual }, problems }
}
