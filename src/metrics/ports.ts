import { countOf, FAMILIES, type PortSample, type PortSamples, TCP_STATES } from '#core/port/port-sample.ts'
import { type Family, type Format, header, numberText, sampleName } from './exposition.ts'

const connections: Family = {
  name: 'vigia_tcp_connections',
  type: 'gauge',
  help: 'TCP sockets whose own port it is, by state and IP version.',
}
const remoteConnections: Family = {
  name: 'vigia_tcp_remote_connections',
  type: 'gauge',
  help: 'TCP sockets of this machine whose far end has the port, by state and IP version.',
}
const listeners: Family = { name: 'vigia_tcp_listeners', type: 'gauge', help: 'Sockets that listen on the port.' }
const queue: Family = {
  name: 'vigia_tcp_accept_queue',
  type: 'gauge',
  help: 'Connections that wait to be accepted by the listeners of the port.',
}
const queueLimit: Family = {
  name: 'vigia_tcp_accept_queue_limit',
  type: 'gauge',
  help: 'Connections that may wait to be accepted by the listeners of the port.',
}
const success: Family = {
  name: 'vigia_tcp_sample_success',
  type: 'gauge',
  help: 'Whether the socket tables could be read the last time.',
}
const sampledAt: Family = {
  name: 'vigia_tcp_sample_timestamp_seconds',
  type: 'gauge',
  help: 'When the socket tables were read.',
}
const left: Family = {
  name: 'vigia_tcp_ports_left_out',
  type: 'gauge',
  help: 'Listening ports beyond the bound, which are not counted.',
}

/** `{port="…",state="…",family="…"} ` of each counter, made once per port. */
const COUNTER_LABELS = FAMILIES.flatMap((family) => TCP_STATES.map((state) => `state="${state}",family="${family}"`))

const counterLines = (name: string, port: number, counters: Uint32Array): string =>
  COUNTER_LABELS.map((labels, index) => `${name}{port="${port}",${labels}} ${counters[index]}\n`).join('')

/** Ports that are written between two looks at the clock. */
const SLICE = 100

function* slices(ports: readonly PortSample[], lines: (port: PortSample) => string): Generator<string> {
  for (let from = 0; from < ports.length; from += SLICE)
    yield ports
      .slice(from, from + SLICE)
      .map(lines)
      .join('')
}

function* block(
  family: Family,
  format: Format,
  ports: readonly PortSample[],
  lines: (port: PortSample) => string,
): Generator<string> {
  yield header(family, format)
  yield* slices(ports, lines)
}

const gauge = (family: Family, format: Format, value: number): string =>
  `${header(family, format)}${sampleName(family)} ${numberText(value)}\n`

/**
 * The labelled families of a sample, in pieces. `undefined` where the tables could not be read: nothing is claimed then.
 */
export function* portFamilies(samples: PortSamples | undefined, format: Format): Generator<string> {
  if (!samples) {
    yield gauge(success, format, 0)
    return
  }
  const { ports } = samples
  const perPort = (family: Family, value: (port: PortSample) => number | null) =>
    block(family, format, ports, (port) => {
      const one = value(port)
      return one === null ? '' : `${family.name}{port="${port.port}"} ${one}\n`
    })
  yield* block(connections, format, ports, ({ port, local }) => counterLines(connections.name, port, local))
  if (ports.some(({ remote }) => remote))
    yield* block(remoteConnections, format, ports, ({ port, remote }) =>
      remote ? counterLines(remoteConnections.name, port, remote) : '',
    )
  yield* perPort(listeners, ({ listeners: { count } }) => count)
  yield* perPort(queue, ({ listeners: { queue } }) => queue)
  if (samples.via === 'netlink') yield* perPort(queueLimit, ({ listeners: { limit } }) => limit)
  yield gauge(left, format, samples.left)
  yield gauge(sampledAt, format, samples.at / 1000)
  yield gauge(success, format, 1)
}

/** The older exporter wrote floating-point numbers. */
const float = (value: number): string => `${value}.0`

/** The families of one port as the older exporter named them, in its order: the port stands in the names. */
const olderPort = ({ port, local }: PortSample, format: Format): string => {
  const [waiting, established, closing] = [
    countOf(local, 'TIME_WAIT'),
    countOf(local, 'ESTABLISHED'),
    countOf(local, 'CLOSE_WAIT'),
  ]
  const total = waiting + established + closing
  const gauges = [
    ['time_wait', `Conexiones TIME_WAIT en el puerto ${port}`, waiting],
    ['established', `Conexiones ESTABLISHED en el puerto ${port}`, established],
    ['close_wait', `Conexiones CLOSE_WAIT en el puerto ${port}`, closing],
    ['total', `Total de conexiones en el puerto ${port}`, total],
  ] as const
  const lines = gauges.map(([what, help, value]) => {
    const name = `conexiones_${what}_${port}`
    return `${header({ name, type: 'gauge', help }, format)}${name} ${float(value)}\n`
  })
  const info: Family = { name: `estado_actual_${port}`, type: 'info', help: `Estado actual del puerto ${port}` }
  const labels = `CLOSE_WAIT="${closing}",ESTABLISHED="${established}",TIME_WAIT="${waiting}",TOTAL="${total}"`
  return `${lines.join('')}${header(info, format)}${sampleName(info)}{${labels}} 1.0\n`
}

/** The ports that the older names stand for, in the order in which they are written; `listening` takes them as they come. */
export type OlderPorts = readonly number[] | 'listening'

/** The older exporter's families of these ports, in pieces. */
export function* olderPortFamilies(
  { ports }: Pick<PortSamples, 'ports'> = { ports: [] },
  wanted: OlderPorts,
  format: Format,
): Generator<string> {
  const byPort = new Map(ports.map((port) => [port.port, port]))
  const inOrder = wanted === 'listening' ? ports : wanted.flatMap((port) => byPort.get(port) ?? [])
  yield* slices(inOrder, (port) => olderPort(port, format))
}
