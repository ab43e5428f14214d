import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type PlanView, planView } from '#api/v1/configuration-view.ts'
import { channelTypes } from '#channels/index.ts'
import { type Exported, exportOf } from '#config/export/export.ts'
import { type Config, loadConfig } from '#config/load.ts'
import { openChannel } from '#config/open-channel.ts'
import { openMonitor } from '#config/open-monitor.ts'
import { NOTHING_PRESENT, type Opening, readPresent } from '#config/plan/present.ts'
import { systemClock } from '#lib/time/clock.ts'
import { createPlanOperations, type PlanChoice, planBeside } from '#operations/configuration.ts'
import { createOperate } from '#operations/operation.ts'
import { replayPlan } from '#operations/replay-plan.ts'
import { createEndOfMonitor } from '#pipeline/decide/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/decide/end-of-rule.ts'
import { runReplay } from '#pipeline/replay/run-replay.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { openSealer } from '#storage/open-sealer.ts'
import type { Sealer } from '#storage/seal.ts'
import { StorageError } from '#storage/storage-error.ts'
import { isForPeople } from '../../server/for-people.ts'
import { BY_COMMAND, CommandError } from '../command.ts'
import { languageOf } from '../language.ts'
import { problemsText } from '../read-config.ts'
import { templateJudge } from '../template-judge.ts'

const { now } = systemClock
/** Events that were older when they came opened nothing. */
const TOO_OLD_MS = 3_600_000

/** Reads a file whole, or ends the command with everything that is wrong with it. */
export const loadFile = async (file: string, environment: NodeJS.ProcessEnv): Promise<Config> => {
  const judge = await templateJudge(file)
  const loaded = loadConfig(file, { environment, probeTypes, channelTypes, parseTarget, ...judge })
  if (!loaded.ok) throw new CommandError(problemsText(loaded.problems, loaded.language ?? languageOf(environment)), 1)
  return loaded.config
}

/** Whether a server has ever run with a folder, or there is a database server. */
const hasStore = (folder: string): boolean =>
  process.env.DATABASE_URL !== undefined || existsSync(join(folder, 'vigia.db'))

/** Runs `work` on the store of a folder, and closes it; what it cannot do is a message for people. */
const onStore = async <Value>(folder: string, shared: boolean, work: (storage: Storage) => Promise<Value>) => {
  try {
    const storage = await openStorage({ dataDir: folder, databaseUrl: process.env.DATABASE_URL, shared })
    try {
      return await work(storage)
    } finally {
      await storage.close()
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    const server =
      error.fault === 'in_use' ? ' Or hand the file to the running server: --server http://127.0.0.1:5000' : ''
    throw new CommandError(error.message + server, 1)
  }
}

const openingWith = (sealer: () => Sealer): Opening => ({
  channel: (channel) => openChannel(channel, channelTypes, sealer),
  monitor: (monitor) => openMonitor(monitor, { probeTypes }, sealer),
})

const operationsOn = async (storage: Storage, folder: string, mayMake: boolean) => {
  const { sealer } = await openSealer(storage, folder, process.env, mayMake)
  return createPlanOperations({
    operate: createOperate({ storage, now, announce: () => {} }),
    probeTypes,
    channelTypes,
    sealer: () => sealer,
    opening: openingWith(() => sealer),
    running: () => undefined,
    heldByFile: new Set(),
    endOfMonitor: createEndOfMonitor(isForPeople),
    endOfRule: createEndOfRule(isForPeople),
    now,
    inForce: async () => {},
  })
}

/** What a file would do beside what a data folder holds; a server may be running on it. */
export const planOnFolder = async (
  folder: string,
  config: Config,
  choice: PlanChoice,
  replayMs?: number,
): Promise<PlanView> => {
  if (!hasStore(folder))
    return planView(planBeside(config, choice, NOTHING_PRESENT, { probeTypes, channelTypes }, now()), false)
  return onStore(folder, true, async (storage) => {
    const operations = await operationsOn(storage, folder, false)
    const plan = await operations.plan(config, choice, storage)
    if (replayMs === undefined) return planView(plan, false)
    const deps = { storage, operations, now, tooOldMs: TOO_OLD_MS, run: runReplay }
    const replayed = await replayPlan(config, choice, replayMs, deps)
    if (!replayed) throw new CommandError('--replay: only where the data lie in a folder, not with a PostgreSQL', 1)
    return planView(plan, false, replayed)
  })
}

/** Does what a file says on a data folder on which no server runs. */
export const applyOnFolder = (folder: string, config: Config, choice: PlanChoice): Promise<PlanView> =>
  onStore(folder, false, async (storage) => {
    const operations = await operationsOn(storage, folder, true)
    const applied = await operations.apply(BY_COMMAND, config, choice)
    if (!applied.ok) throw new CommandError(applied.problem.message, 1)
    return planView(applied.value, true)
  })

/** The configuration of a data folder; a server may be running on it. */
export const exportOfFolder = (folder: string): Promise<Exported> =>
  onStore(folder, true, async (storage) => {
    const { sealer } = await openSealer(storage, folder, process.env, false)
    return exportOf(
      await readPresent(
        storage,
        now(),
        openingWith(() => sealer),
      ),
      { probeTypes, channelTypes },
    )
  })
