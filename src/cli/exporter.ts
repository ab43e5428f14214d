import { startPortExporter } from '#api/port-exporter.ts'
import { readEnvironment } from '#config/env.ts'
import { EVERY_MS, LISTENING, OLDER_PORT, OLDER_PORTS, olderEnvironment, readPort, readPorts } from '#config/ports.ts'
import { systemClock } from '#lib/time/clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { endOf, type Format } from '#metrics/exposition.ts'
import { createProcessMetrics } from '#metrics/own-process.ts'
import { createPortText } from '#metrics/port-text.ts'
import { createSocketSampler, type Sampled } from '#sources/sockets/sampler.ts'
import { watchPorts } from '#sources/sockets/watch.ts'
import { type AddCommand, CommandError, untilSignal } from './command.ts'

interface Flags {
  readonly host?: string
  readonly port?: string
  readonly ports?: string
  readonly remote?: boolean
  readonly older: boolean
}

const say = (text: string) => process.stderr.write(`vigia: ${text}\n`)

/** The ports to count; what is none is named, and only when nothing is left it is an error. */
const chosenPorts = (option: string | undefined, older: string | undefined) => {
  const { watch, problems } = readPorts(
    option ?? older ?? OLDER_PORTS,
    option === undefined ? 'PUERTOS_A_MONITOREAR' : '--ports',
  )
  if (watch === undefined) throw new CommandError(problems.join('\n'))
  for (const problem of problems) say(problem)
  return watch
}

const chosenPort = (option: string | undefined, older: string | undefined): number => {
  const port = readPort(option ?? older ?? OLDER_PORT, option === undefined ? 'PROMETHEUS_PORT' : '--port')
  if (typeof port === 'number') return port
  throw new CommandError(port.problem)
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
  const older = olderEnvironment(readEnvironment())
  const ports = chosenPorts(flags.ports, older.ports)
  const port = chosenPort(flags.port, older.port)
  const host = flags.host ?? older.host
  const signal = untilSignal()
  const sampler = createSocketSampler({ ports, ...(flags.remote && { remote: true }) })
  const watch = await watchPorts(sampler, EVERY_MS, { clock: systemClock, timers: systemTimers }, reportTrouble())
  const own = createProcessMetrics()
  const latest = () => {
    const sampled = watch.latest()
    return sampled.ok ? sampled.samples : undefined
  }
  const portText = createPortText(latest, flags.older ? () => ports : undefined)
  const render = async (format: Format) => (await own.render(format)) + (await portText(format)) + endOf(format)
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
    .option('--ports <list>', `ports to count, or "${LISTENING}" (PUERTOS_A_MONITOREAR, default ${OLDER_PORTS})`)
    .option('--port <port>', `port of the metrics (PROMETHEUS_PORT, default ${OLDER_PORT})`)
    .option('--host <address>', 'address of the metrics (HOST, default every address)')
    .option('--remote', 'also count connections from here to these ports elsewhere')
    .option('--no-older', 'leave out the older names, conexiones_*')
    .action(runExporter)
}
