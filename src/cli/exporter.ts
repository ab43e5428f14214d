import { startPortExporter } from '#api/port-exporter.ts'
import { parsePortList } from '#lib/port-list.ts'
import { endOf, type Format } from '#metrics/exposition.ts'
import { createProcessMetrics } from '#metrics/own-process.ts'
import { createPortText } from '#metrics/port-text.ts'
import { createSocketSampler, MOST_PORTS, type Sampled } from '#sources/sockets/sampler.ts'
import { watchPorts } from '#sources/sockets/watch.ts'
import { type AddCommand, CommandError, untilSignal } from './command.ts'

interface Flags {
  readonly host?: string
  readonly port?: string
  readonly ports?: string
  readonly remote?: boolean
  readonly older: boolean
}

const DEFAULT_PORTS = '3000,8080'
const DEFAULT_PORT = '8000'
const EVERY_MS = 5000
const LISTENING = 'listening'

const say = (text: string) => process.stderr.write(`vigia: ${text}\n`)

/** An environment variable; one that is set to nothing counts as not set. */
const environment = (name: string): string | undefined => process.env[name]?.trim() || undefined

/** The ports to count; what is none is named, and only when nothing is left it is an error. */
const chosenPorts = (option: string | undefined): readonly number[] | 'listening' => {
  const from = option === undefined ? 'PUERTOS_A_MONITOREAR' : '--ports'
  const text = option ?? environment('PUERTOS_A_MONITOREAR') ?? DEFAULT_PORTS
  if (text.trim() === LISTENING) return LISTENING
  const { ports, problems } = parsePortList(text)
  for (const problem of problems) say(`${from}: ${problem}; it is left out`)
  if (ports.length === 0)
    throw new CommandError(`${from}: no port is left; write for example ${DEFAULT_PORTS}, or ${LISTENING}`)
  if (ports.length > MOST_PORTS) say(`${from}: ${ports.length} ports are too many, the first ${MOST_PORTS} are counted`)
  return ports.slice(0, MOST_PORTS)
}

const chosenPort = (option: string | undefined): number => {
  const from = option === undefined ? 'PROMETHEUS_PORT' : '--port'
  const text = option ?? environment('PROMETHEUS_PORT') ?? DEFAULT_PORT
  const { ports, problems } = parsePortList(text)
  const [port] = ports
  if (ports.length !== 1 || problems.length > 0 || port === undefined)
    throw new CommandError(`${from}: "${text.slice(0, 40)}" is not a port: write a number from 1 to 65535`)
  return port
}

const listenProblem = ({ code, message }: NodeJS.ErrnoException, host: string | undefined, port: number): string => {
  const place = `${host ?? 'every address'}, port ${port}`
  if (code === 'EADDRINUSE') return `${place}: in use by another program; stop it, or choose another port: --port`
  if (code === 'EACCES') return `${place}: needs more rights than this user has; choose a port above 1023: --port`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${place}: not an address of this machine; choose one that is: --host 127.0.0.1`
  return `${place}: ${message}`
}

/** Says once that the tables cannot be read, and once that they can again. */
const reportTrouble = () => {
  let told: string | undefined
  return (sampled: Sampled) => {
    const message = sampled.ok ? undefined : sampled.message
    if (message === told) return
    say(message ?? 'the socket tables can be read again')
    told = message
  }
}

const runExporter = async (flags: Flags): Promise<void> => {
  const ports = chosenPorts(flags.ports)
  const port = chosenPort(flags.port)
  const host = flags.host ?? environment('HOST')
  const signal = untilSignal()
  const sampler = createSocketSampler({ ports, ...(flags.remote && { remote: true }) })
  const watch = await watchPorts(sampler, EVERY_MS, reportTrouble())
  const own = createProcessMetrics()
  const latest = () => {
    const sampled = watch.latest()
    return sampled.ok ? sampled.samples : undefined
  }
  const portText = createPortText(latest, { order: ports, older: flags.older })
  const render = async (format: Format) => (await own.render(format)) + portText(format) + endOf(format)
  try {
    const exporter = await startPortExporter({ host, port, render }).catch((error) => {
      throw new CommandError(listenProblem(error, host, port))
    })
    const shown = ports === LISTENING ? 'every listening port' : `${ports.length} ports`
    say(`counting ${shown} every ${EVERY_MS / 1000} s; metrics at http://${host ?? 'localhost'}:${port}/metrics`)
    if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }))
    await exporter.close()
  } finally {
    own.close()
    await watch.stop()
  }
}

export const addExporter: AddCommand = (program) => {
  program
    .command('exporter')
    .description('count the TCP connections of ports and serve them to Prometheus, on every path, without a token')
    .option('--ports <list>', `ports to count, or "${LISTENING}" (PUERTOS_A_MONITOREAR, default ${DEFAULT_PORTS})`)
    .option('--port <port>', `port of the metrics (PROMETHEUS_PORT, default ${DEFAULT_PORT})`)
    .option('--host <address>', 'address of the metrics (HOST, default every address)')
    .option('--remote', 'also count connections from here to these ports elsewhere')
    .option('--no-older', 'leave out the older names, conexiones_*')
    .action(runExporter)
}
