import { existsSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { channelTypes } from '#channels/index.ts'
import { readEnvironment } from '#config/env.ts'
import { type Config, loadConfigText } from '#config/load.ts'
import { zoneProblem } from '#config/zone.ts'
import { type ReadingContext, SourceError } from '#importers/import-plan.ts'
import { importers, type ReadPlan, readImport } from '#importers/index.ts'
import { systemClock } from '#lib/time/clock.ts'
import { ownZone } from '#lib/time/zone.ts'
import { fileText } from '#operations/import/file-text.ts'
import { type ImportView, importView, refusedView } from '#operations/import/import-view.ts'
import { createImportOperations } from '#operations/import/imports.ts'
import { type Known, NOTHING_KNOWN, readKnown } from '#operations/import/known.ts'
import { prepareImport, type SourcedPlan } from '#operations/import/prepare.ts'
import type { PrepareDeps, PreparedItem } from '#operations/import/prepare-things.ts'
import { createOperate } from '#operations/operation.ts'
import { createEndOfMonitor } from '#pipeline/decide/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/decide/end-of-rule.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { openStorage } from '#storage/index.ts'
import { openSealer } from '#storage/open-sealer.ts'
import { StorageError } from '#storage/storage-error.ts'
import { isForPeople } from '../server/for-people.ts'
import { type AddCommand, BY_COMMAND, CommandError, dataDir, printJson, printLines } from './command.ts'
import { importLines, refusedText } from './import-lines.ts'
import { importRunning } from './import-running.ts'
import { problemsText } from './read-config.ts'
import { withStorage } from './with-storage.ts'

interface ImportFlags {
  readonly from?: string
  readonly apply?: boolean
  readonly prune?: boolean
  readonly asFile?: string
  readonly timeZone?: string
  readonly column?: readonly string[]
  readonly data?: string
  readonly json?: boolean
}

const progress = (words: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${words}`)
}

const columnsOf = (column: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    column.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw new CommandError(`--column ${text}: write what it holds and its name, as address=IP`)
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )

const contextOf = ({ timeZone, column }: ImportFlags): ReadingContext => {
  const zone = timeZone ?? ownZone()
  const wrong = zoneProblem(zone)
  if (wrong) throw new CommandError(`--time-zone ${zone}: ${wrong}`)
  return { timeZone: zone, now: systemClock.now(), columns: columnsOf(column), programs: true, progress }
}

/** By what name a later import of the same knows what came in: the tool, and where its file lies. */
const sourcedOf = (plans: readonly ReadPlan[]): SourcedPlan[] =>
  plans.map(({ plan, path }) => ({ source: `${plan.kind}:${path}`, plan }))

/** What there is already; nothing where no server has run with the folder yet. */
const knownAlready = async (plans: readonly SourcedPlan[], flags: ImportFlags): Promise<Known> => {
  const folder = dataDir(flags.data)
  if (!process.env.DATABASE_URL && !existsSync(join(folder, 'vigia.db'))) return NOTHING_KNOWN
  let known: Known = NOTHING_KNOWN
  await withStorage(folder, async (storage) => {
    const { sealer } = await openSealer(storage, folder, process.env, false)
    const sources = plans.map(({ source }) => source)
    known = await readKnown(sources, storage, { probeTypes, channelTypes, sealer: () => sealer })
  })
  return known
}

const environmentText = (values: ReadonlyMap<string, string>): string =>
  [...values]
    .map(([name, value]) => {
      const quote = ["'", '"', '`'].find((mark) => !value.includes(mark)) ?? "'"
      return `${name}=${quote}${value}${quote}\n`
    })
    .join('')

/** Writes the file that says what comes in, and beside it the values of its secrets. */
const writeFile = (file: string, items: readonly PreparedItem[], plans: readonly SourcedPlan[]): Config => {
  const sections = Object.assign({}, ...plans.map(({ plan }) => plan.sections ?? {}))
  const { text, environment } = fileText(items, sections, { probeTypes, channelTypes })
  const values = Object.fromEntries(environment)
  const loaded = loadConfigText(text, file, {
    environment: { ...readEnvironment(), ...values },
    probeTypes,
    channelTypes,
    parseTarget,
  })
  if (!loaded.ok) throw new CommandError(`the file would not hold together:\n${problemsText(loaded.problems)}`, 1)
  try {
    writeFileSync(file, text, { flag: 'wx' })
    if (environment.size > 0) writeFileSync(`${file}.env`, environmentText(environment), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException
    throw new CommandError(
      code === 'EEXIST'
        ? `${path} is there already, and nothing is written over: choose another name`
        : `${path ?? file}: ${message}`,
      1,
    )
  }
  const secrets =
    environment.size > 0
      ? `; its secrets stand in ${basename(file)}.env: take them over into .env of the folder that the server starts in`
      : ''
  process.stderr.write(`Wrote ${file}${secrets}.\n`)
  return loaded.config
}

/** Where a thing stands in the file that was written. */
const originIn = (config: Config | undefined) => {
  if (!config) return () => undefined
  const lists = {
    channel: config.channels,
    monitor: config.monitors,
    rule: config.rules,
    'maintenance plan': config.maintenance,
  } as const
  const origins = new Map(
    Object.entries(lists).flatMap(([object, things]) =>
      things.map(({ name, origin }) => [`${object} ${name}`, origin]),
    ),
  )
  return ({ object, name }: PreparedItem) => origins.get(`${object} ${name}`)
}

const apply = async (plans: readonly SourcedPlan[], flags: ImportFlags, deps: PrepareDeps, config?: Config) => {
  const folder = dataDir(flags.data)
  const storage = await openStorage({ dataDir: folder, databaseUrl: process.env.DATABASE_URL })
  try {
    const { sealer } = await openSealer(storage, folder, process.env)
    const imports = createImportOperations({
      ...deps,
      operate: createOperate({ storage, now: systemClock.now, announce: () => {} }),
      sealer: () => sealer,
      endOfMonitor: createEndOfMonitor(isForPeople),
      endOfRule: createEndOfRule(isForPeople),
      progress,
    })
    return await imports.store(BY_COMMAND, plans, { prune: flags.prune ?? false, originOf: originIn(config) })
  } finally {
    await storage.close()
  }
}

const importInto = async (given: string, flags: ImportFlags) => {
  const context = contextOf(flags)
  const read = readImport(given, flags.from, context)
  if (!read.ok) {
    const view = refusedView(read.refused)
    if (flags.json) printJson(view)
    throw new CommandError(refusedText(view), 1)
  }
  const plans = sourcedOf(read.plans)
  const environment = readEnvironment()
  const deps: PrepareDeps = { probeTypes, channelTypes, parseTarget, environment, timeZone: context.timeZone }
  const show = (view: ImportView, histories?: number) => {
    if (flags.json) printJson(view)
    else {
      for (const { plan } of plans) console.log(`${plan.tool} (${plan.kind})`)
      printLines(importLines(view, histories).flatMap((text) => text.split('\n')))
    }
  }
  try {
    const prepared = prepareImport(plans, await knownAlready(plans, flags), deps)
    const config = flags.asFile === undefined ? undefined : writeFile(flags.asFile, prepared.items, plans)
    const prune = flags.prune ?? false
    if (!flags.apply) return show(importView(prepared, false, prune))
    const stored = await apply(plans, flags, deps, config).catch((error: unknown) => {
      // What a file says is in force only with that file: there the server must not run.
      if (config || !(error instanceof StorageError && error.fault === 'in_use')) throw error
      return undefined
    })
    if (stored) return show(importView(stored.prepared, true, prune), stored.histories)
    const { timeZone: time_zone, columns } = context
    const choice = { kind: flags.from, columns, time_zone, prune }
    const { view, histories } = await importRunning(given, dataDir(flags.data), choice)
    show(view, histories)
  } catch (error) {
    // A database may turn out to be damaged only where its history is read: then nothing of it was stored.
    if (error instanceof SourceError) throw new CommandError(refusedText(refusedView([error])), 1)
    throw error instanceof StorageError ? new CommandError(error, 1) : error
  } finally {
    for (const { plan } of plans) plan.close?.()
  }
}

export const addImport: AddCommand = (program) => {
  program
    .command('import')
    .description('show what another tool watches and how it would come in; with --apply it does')
    .argument('<path>', 'a file or a folder of the other tool; it is only read')
    .option(
      '--from <kind>',
      `what it is, where that is not recognised: ${importers.map(({ kind }) => kind).join(', ')}`,
    )
    .option('--apply', 'store it, all or nothing; a server that runs on the data folder does it itself')
    .option('--prune', 'also remove what an earlier import of the same brought and is there no more')
    .option('--as-file <file>', 'write it as a configuration file, which must not exist yet')
    .option('--time-zone <name>', "zone of times without one (default: this machine's)")
    .option('--column <meaning=name...>', 'of a list: which column holds what, as address=IP name=Host')
    .option('--json', 'print one JSON object')
    .option('--data <folder>', 'data folder')
    .action(importInto)
}
