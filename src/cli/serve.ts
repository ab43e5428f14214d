import { existsSync } from 'node:fs'
import pino from 'pino'
import { ListenError } from '#api/server.ts'
import { channelTypes } from '#channels/index.ts'
import { readEnvironment } from '#config/env.ts'
import { type ConfigProblem, loadConfig } from '#config/load.ts'
import { settingsForRestart } from '#config/settings-for-restart.ts'
import { fingerprint, watchConfig } from '#config/watch.ts'
import { because } from '#core/cause/cause.ts'
import type { Language } from '#core/message/message.ts'
import { connectServiceManager } from '#lib/run/service-manager.ts'
import { growUnderLoad } from '#lib/run/young-generation.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import type { ServerOptions } from '../main.ts'
import { type AddCommand, CommandError, dataDir, untilSignal } from './command.ts'
import { logDestination } from './log-destination.ts'
import { problemsText, readFileWhole } from './read-config.ts'
import { startServing } from './serve-away.ts'
import { templateJudge } from './template-judge.ts'

interface ServeFlags {
  readonly config?: string
  readonly data?: string
  readonly host?: string
  readonly port?: string
  readonly newDatabase?: boolean
}

const DEFAULT_FILE = './vigia.yaml'

const portOf = (text: string, place: string, language: Language | undefined): number => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError(because('not_a_port', { place, text }), 2, language)
  return port
}

export const addServe: AddCommand = (program) => {
  program
    .command('serve')
    .description('run the server: watch, decide, tell')
    .option('--config <file>', 'configuration file (default: ./vigia.yaml if it exists)')
    .option('--data <folder>', 'data folder (default: VIGIA_DATA, else ./data)')
    .option('--host <address>', 'address to listen on (default: HOST, else the file, else 127.0.0.1)')
    .option('--port <number>', 'port to listen on (default: PORT, else the file, else 5000)')
    .option('--new-database', 'begin anew where vigia.db is lost; what is left of it is moved aside')
    .action(async (flags: ServeFlags) => {
      const log = pino(
        { base: null, level: process.env.LOG_LEVEL ?? 'info', timestamp: pino.stdTimeFunctions.isoTime },
        logDestination(),
      )
      const manager = connectServiceManager({ environment: process.env, pid: process.pid, timers: systemTimers })
      const environment = readEnvironment()
      const path = flags.config ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined)
      const read = path === undefined ? '' : fingerprint(path)
      const warn = (warnings: readonly ConfigProblem[]) => {
        if (warnings.length > 0) log.warn(`probably not what was meant:\n${problemsText(warnings)}`)
      }
      const first = path === undefined ? undefined : readFileWhole(path, environment, await templateJudge(path))
      const config = first?.config
      const language = config?.server.language
      warn(first?.warnings ?? [])
      const host = flags.host ?? environment.HOST ?? config?.server.host ?? '127.0.0.1'
      const port =
        flags.port !== undefined
          ? portOf(flags.port, '--port', language)
          : environment.PORT
            ? portOf(environment.PORT, 'PORT', language)
            : (config?.server.port ?? 5000)
      const stop = untilSignal()
      const fail = (error: unknown): never => {
        if (error instanceof StorageError) throw new CommandError(error, 1, language)
        if (error instanceof ListenError) throw new CommandError(error, 2, language)
        throw error
      }
      const begin: ServerOptions = {
        dataDir: dataDir(flags.data),
        databaseUrl: environment.DATABASE_URL,
        newDatabase: flags.newDatabase,
        wanted: config,
        language,
        timeZone: config?.server.timeZone,
        region: config?.server.region,
        url: config?.server.url,
        trustedProxies: config?.server.trustedProxies,
        listen: { host, port },
        environment,
        log,
      }
      const serving = await startServing(begin, (error) => {
        log.fatal({ err: error }, 'the server cannot begin again')
        process.exit(1)
      }).catch(fail)
      growUnderLoad()
      const monitorCount = () => serving.current().monitors().length
      log.info({ address: serving.current().address, monitors: monitorCount() }, 'Vigía is watching')
      const tellStatus = () =>
        manager?.status(`watching ${monitorCount()} monitors, page at ${serving.current().address}`)
      tellStatus()
      manager?.ready()

      // What the command line or the environment decided, the file does not.
      const decided = [
        (flags.host ?? environment.HOST) && 'server.host',
        (flags.port ?? environment.PORT) && 'server.port',
      ]
      const watched = new Set<string>()
      /** A table that the file names belongs to it: a change of it is a change of the configuration. */
      const watchTables = (tables: readonly string[]) => {
        for (const table of tables.filter((one) => !watched.has(one))) {
          watched.add(table)
          watchConfig(table, fingerprint(table), onChange, stop, systemTimers)
        }
      }
      const onChange = () => void reload().catch((error) => log.error({ err: error }, 'internal error'))
      const reload = async () => {
        const judge = await templateJudge(path!)
        const environment = readEnvironment()
        const loaded = loadConfig(path!, { environment, probeTypes, channelTypes, parseTarget, ...judge })
        if (!loaded.ok)
          return log.error(`configuration not taken over, the running one stays:\n${problemsText(loaded.problems)}`)
        warn(loaded.warnings)
        await serving.reload(loaded.config)
        watchTables(loaded.config.tables)
        log.info({ monitors: monitorCount() }, 'configuration taken over')
        tellStatus()
        const later = settingsForRestart(config!, loaded.config).filter((name) => !decided.includes(name))
        if (later.length > 0) log.warn({ settings: later }, 'these settings take effect at the next start')
      }
      if (path !== undefined) {
        watchConfig(path, read, onChange, stop, systemTimers)
        watchTables(config?.tables ?? [])
        process.on('SIGHUP', onChange)
      }
      await new Promise<void>((resolve) => {
        if (stop.aborted) resolve()
        stop.addEventListener('abort', () => resolve(), { once: true })
      })
      log.info('stopping')
      manager?.stopping()
      await serving.stop()
      process.exit(0)
    })
}
