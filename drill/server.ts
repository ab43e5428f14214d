import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CLOCK_VARIABLE, clockText, type DrillClock } from './clock.ts'
import { type PlannedWork, writeConfiguration } from './configuration.ts'
import type { Office } from './office.ts'

const BIN = resolve(import.meta.dirname, '../bin/vigia.mjs')
const FAST_CLOCK = pathToFileURL(join(import.meta.dirname, 'fast-clock.ts')).href
/** What its log says when it begins to probe. */
const LOOKS = 'probe engine ready'
const START_WITHIN_MS = 30_000

/** A `vigia serve` under drill. */
export interface Server {
  readonly name: string
  /** JSON of its API: `/api/v1` stands before the path. */
  get<Body>(path: string): Promise<Body>
  /** Writes the file anew, as an operator would; the server takes it over by itself. */
  plan(work: readonly PlannedWork[]): void
  /** Ends it as a power cut would, and starts it again at once. */
  killAndStart(): Promise<void>
  close(): Promise<void>
}

export interface ServerPlace {
  readonly name: string
  readonly space: string
  readonly folder: string
  readonly port: number
  readonly office: Office
  readonly clock: DrillClock
}

/** Starts `vigia serve` in a namespace with a data folder of its own; its log is kept beside it. */
export const startServer = async ({ name, space, folder, port, office, clock }: ServerPlace): Promise<Server> => {
  mkdirSync(folder, { recursive: true })
  const config = writeConfiguration(folder, name, office)
  const data = join(folder, 'data')
  const log = createWriteStream(join(folder, 'log'), { flags: 'a' })
  const { HOST: _host, PORT: _port, DATABASE_URL: _url, NODE_OPTIONS: _options, ...environment } = process.env
  let child: ChildProcess

  const start = async () => {
    const serve = ['serve', '--config', config, '--data', data, '--host', '127.0.0.1', '--port', String(port)]
    child = spawn('ip', ['netns', 'exec', space, process.execPath, '--import', FAST_CLOCK, BIN, ...serve], {
      cwd: folder,
      env: { ...environment, [CLOCK_VARIABLE]: clockText(clock), LOG_LEVEL: 'info' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const looking = Promise.withResolvers<void>()
    let said = ''
    const tooLate = setTimeout(
      () => looking.reject(new Error(`${name} did not start in time: ${said}`)),
      START_WITHIN_MS,
    )
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      log.write(text)
      if (said.includes(LOOKS)) return
      said += text
      if (said.includes(LOOKS)) looking.resolve()
    })
    child.once('exit', (code) => looking.reject(new Error(`${name} ended with ${code}: ${said}`)))
    try {
      await looking.promise
    } finally {
      clearTimeout(tooLate)
    }
  }

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  try {
    await start()
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  const make = ['token', 'create', '--role', 'viewer', '--data', data]
  const token = execFileSync(process.execPath, [BIN, ...make], { encoding: 'utf8', env: environment }).trim()

  return {
    name,
    get: async <Body>(path: string) => (await office.get(`http://127.0.0.1:${port}/api/v1${path}`, token)) as Body,
    plan: (work) => void writeConfiguration(folder, name, office, work),
    killAndStart: async () => {
      await end('SIGKILL')
      await start()
    },
    close: async () => {
      await end('SIGKILL')
      log.end()
    },
  }
}
