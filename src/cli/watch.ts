import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { ListenError } from '#api/server.ts'
import { channelTypes } from '#channels/index.ts'
import { readEnvironment } from '#config/env.ts'
import { type Config, loadConfigText, problemText } from '#config/load.ts'
import type { Language } from '#core/message/message.ts'
import { resultAt } from '#core/result/latest-results.ts'
import type { LiveBatch } from '#core/result/result-batch.ts'
import { printable } from '#lib/text/one-line.ts'
import { systemClock } from '#lib/time/clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { ownZone } from '#lib/time/zone.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import { inEnglish, inSpanish } from '#templates/said.ts'
import { type Server, startServer } from '../main.ts'
import { type AddCommand, CommandError, untilSignal } from './command.ts'
import { channelsOf } from './notify-option.ts'
import { readConfig } from './read-config.ts'
import { clockText, plainLine, tableText, type WatchRow } from './watch-table.ts'

interface WatchFlags {
  readonly every: string
  readonly notify?: string[]
  readonly smtp?: string
  readonly failures: string
  readonly language?: string
  readonly config?: string
  readonly data?: string
  readonly host?: string
  readonly port?: string
}

/** What the arguments say, in the form of a configuration file: one way in, one set of checks and messages. */
const configOf = (targets: readonly string[], flags: WatchFlags, environment: NodeJS.ProcessEnv): Config => {
  if (flags.config) return readConfig(flags.config, environment)
  if (targets.length === 0)
    throw new CommandError('name at least one target, for example: vigia watch 192.0.2.10 tcp://db.example:5432')
  const channels = channelsOf(flags.notify ?? [], flags.smtp)
  const document = {
    server: { ...(flags.language && { language: flags.language }) },
    defaults: { interval: flags.every, failures: Number(flags.failures), channels: channels.map(({ name }) => name) },
    channels,
    monitors: [...new Set(targets)].map((target) => ({ name: target, target })),
  }
  const loaded = loadConfigText(JSON.stringify(document), 'arguments', {
    environment: {},
    probeTypes,
    channelTypes,
    parseTarget,
  })
  if (!loaded.ok)
    throw new CommandError(
      loaded.problems.map((problem) => problemText(problem).replace(/^arguments:\d+:\d+: /, '')).join('\n'),
    )
  return loaded.config
}

const REDRAW_MS = 500
const WARN = 40

/** A line of the server's log for people: what was sent, what failed. Undefined for what they need not see. */
const noteOf = (line: string): string | undefined => {
  const { level, time, msg, channel, reason, error, failure } = JSON.parse(line)
  if (level < WARN && msg !== 'delivered') return undefined
  const details = [channel, reason ?? failure, error ?? ''].filter((part) => typeof part === 'string' && part !== '')
  return printable([clockText(time), msg, ...details].join('  '))
}

/** Draws the live table, or plain lines where the output is not a terminal. Returns the end of it. */
const show = (server: () => Server | undefined, language: Language) => {
  const rows = new Map<number, WatchRow>()
  const terminal = process.stdout.isTTY === true
  let drawn = 0

  const draw = (above = '') => {
    // A terminal without a size says that it has none: 0 by 0.
    const size = { columns: process.stdout.columns || 120, height: process.stdout.rows || 40 }
    const table = tableText([...rows.values()], size, systemClock.now(), language)
    process.stdout.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}\x1b[J${above}${table}\n`)
    drawn = table.split('\n').length
  }
  const timer = terminal ? systemTimers.every(REDRAW_MS, draw) : undefined
  /** Stands above the table and scrolls away with what came before. */
  const note = (text: string) => (terminal ? draw(`${text}\n`) : console.error(text))

  return {
    write: (line: string) => {
      const text = noteOf(line)
      if (text !== undefined) note(text)
    },
    onResults: (batch: LiveBatch) => {
      for (let index = 0; index < batch.count; index++) {
        const result = resultAt(batch, index)
        const known = server()
          ?.monitors()
          .find(({ monitor }) => monitor.id === result.monitorId)
        const before = rows.get(result.monitorId)
        const row: WatchRow = {
          name: known?.monitor.name ?? String(result.monitorId),
          target: known?.target ?? '',
          state: result.state,
          since: before && before.state === result.state ? before.since : result.at,
          latencyMs: result.latencyMs,
          message: result.cause && (language === 'es' ? inSpanish : inEnglish)(result.cause),
          probes: (before?.probes ?? 0) + 1,
        }
        rows.set(result.monitorId, row)
        if (!terminal) console.log(plainLine(row, result.at, language))
      }
    },
    end: () => {
      systemTimers.clear(timer)
      if (terminal) draw()
    },
  }
}

export const addWatch: AddCommand = (program) => {
  program
    .command('watch')
    .description('watch a few targets from the command line, without a file')
    .argument('[targets...]', 'HOST, tcp://HOST:PORT, https://…, dns://NAME?type=A, tls://HOST:PORT')
    .option('--every <duration>', 'interval', '60s')
    .option('--failures <number>', 'failed probes in a row until it counts as down', '3')
    .option('--notify <where...>', 'mailto:ADDRESS, slack:URL, discord:URL, telegram:TOKEN@CHAT, webhook:URL')
    .option('--smtp <url>', 'smtp://user:password@host:port for mailto: (smtps:// for implicit TLS)')
    .option('--language <language>', 'language of the messages: en or es')
    .option('--config <file>', 'configuration file instead of targets')
    .option('--data <folder>', 'keep the data there (default: a temporary folder)')
    .option('--host <address>', 'address of the page, with --port')
    .option('--port <number>', 'also serve the page on this port')
    .action(async (targets: string[], flags: WatchFlags) => {
      const environment = readEnvironment()
      const config = configOf(targets, flags, environment)
      const stop = untilSignal()
      const temporary = flags.data ? undefined : mkdtempSync(join(tmpdir(), 'vigia-'))
      let server: Server | undefined
      const view = show(() => server, config.server.language ?? 'en')
      const log = pino({ base: null, level: 'info' }, view)
      try {
        server = await startServer({
          dataDir: flags.data ?? temporary!,
          // Who watches for a minute must not answer for the server that a heartbeat stands for.
          wanted: { ...config, heartbeat: undefined },
          language: config.server.language ?? 'en',
          timeZone: config.server.timeZone ?? ownZone(),
          listen: flags.port ? { host: flags.host ?? '127.0.0.1', port: Number(flags.port) } : undefined,
          environment,
          log,
          onResults: view.onResults,
        })
        await new Promise<void>((resolve) => {
          if (stop.aborted) resolve()
          stop.addEventListener('abort', () => resolve(), { once: true })
        })
        await server.stop()
        view.end()
      } catch (error) {
        if (error instanceof StorageError || error instanceof ListenError) throw new CommandError(error, 1)
        throw error
      } finally {
        if (temporary) rmSync(temporary, { recursive: true, force: true })
      }
      process.exit(0)
    })
}
