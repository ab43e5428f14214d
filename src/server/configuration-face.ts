import type { SentConfiguration, Services } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import { exportOf } from '#config/export/export.ts'
import { toldExport } from '#config/export/export-text.ts'
import type { Config } from '#config/load.ts'
import { openChannel } from '#config/open-channel.ts'
import { openMonitor } from '#config/open-monitor.ts'
import { type Opening, readPresent } from '#config/plan/present.ts'
import { allRefused, type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import { done } from '#lib/result.ts'
import { createTurns } from '#lib/run/turns.ts'
import { startThread } from '#lib/thread.ts'
import { createPlanOperations, type PlanDeps } from '#operations/configuration.ts'
import { replayPlan } from '#operations/replay-plan.ts'
import type { RuleDeps } from '#operations/rules.ts'
import { createEndOfMonitor } from '#pipeline/decide/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/decide/end-of-rule.ts'
import { replay } from '#pipeline/replay/replay.ts'
import { probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import type { Configuration } from './configuration.ts'
import { isForPeople } from './for-people.ts'
import { type LoadedFile, loadSent } from './load-sent.ts'

interface ConfigurationFaceDeps
  extends Pick<PlanDeps, 'operate' | 'sealer' | 'heldByFile' | 'inForce' | 'now'>,
    Pick<RuleDeps, 'checkTemplates'> {
  readonly storage: Storage
  /** Events that were older when they came opened nothing, ms. */
  readonly tooOldMs: number
  readonly configuration: Pick<Configuration, 'wanted'>
}

/** A larger file is read in a thread: a thousand monitors keep one for longer than others should wait. */
const LARGE = 50_000

const inThread = (sent: SentConfiguration): Promise<LoadedFile> => {
  const worker = startThread('server/load-worker', { name: 'load', data: { sent } })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.on('error', reject)
    worker.once('exit', (code) => reject(new Error(`the file was not read, exit code ${code}`)))
  })
}

const load = async (sent: SentConfiguration): Promise<Outcome<Config>> => {
  const loaded = sent.text.length > LARGE ? await inThread(sent) : loadSent(sent)
  if (loaded.ok) return done({ ...loaded.config, written: () => ({}) })
  return allRefused(
    loaded.problems.map(({ file: at, line, column, message }) =>
      refused('invalid_input', `${at}:${line}:${column}`, message),
    ),
  )!
}

const NO_REPLAY_WORDS = says(
  'is only there where the server keeps its data itself, not with a PostgreSQL',
  'solo existe donde el servidor guarda sus datos él mismo, no con un PostgreSQL',
)
const NO_REPLAY = refused('invalid_input', 'replay', NO_REPLAY_WORDS.message, NO_REPLAY_WORDS)

/** Files that people hand to the running server. */
export const createConfigurationFace = (deps: ConfigurationFaceDeps): Services['configuration'] => {
  const { storage, configuration, sealer, checkTemplates } = deps
  const opening: Opening = {
    channel: (channel) => openChannel(channel, channelTypes, sealer),
    monitor: (monitor) => openMonitor(monitor, { probeTypes }, sealer),
  }
  const operations = createPlanOperations({
    ...deps,
    running: configuration.wanted,
    probeTypes,
    channelTypes,
    opening,
    endOfMonitor: createEndOfMonitor(isForPeople),
    endOfRule: createEndOfRule(isForPeople),
  })

  /** Each keeps a core busy for a while. */
  const inTurn = createTurns()

  /** What is wrong with the templates of its rules. */
  const templateProblem = async (config: Config): Promise<Outcome<never> | undefined> => {
    const wrong = []
    for (const { channels: _, ...rule } of config.rules) {
      const fault = await checkTemplates({ ...rule, channelIds: [] })
      if (fault) wrong.push(refused('invalid_input', `${rule.origin}: ${fault.path}`, fault.message, fault))
    }
    return allRefused(wrong)
  }

  const looked = async <Value>(
    sent: SentConfiguration,
    go: (config: Config, choice: { prune: boolean; beside: boolean }) => Promise<Outcome<Value>>,
  ): Promise<Outcome<Value>> => {
    const loaded = await load(sent)
    if (!loaded.ok) return loaded
    const { prune = false, beside = false } = sent
    return (await templateProblem(loaded.value)) ?? go(loaded.value, { prune, beside })
  }

  return {
    plan: (sent) => looked(sent, async (config, choice) => done(await operations.plan(config, choice, storage))),
    apply: (by, sent) => looked(sent, (config, choice) => operations.apply(by, config, choice)),
    replay: (sent, spanMs) =>
      inTurn(() =>
        looked(sent, async (config, choice) => {
          const { now, tooOldMs } = deps
          const replayed = await replayPlan(config, choice, spanMs, { storage, operations, now, tooOldMs, run: replay })
          return replayed ? done(replayed) : NO_REPLAY
        }),
      ),
    exported: async () => {
      const present = await readPresent(storage, deps.now(), opening, configuration.wanted())
      return toldExport(exportOf(present, { probeTypes, channelTypes }))
    },
  }
}
