import type { Services } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import { createChannelBook } from '#config/channel-book.ts'
import { createMonitorBook } from '#config/monitor-book.ts'
import { entryOf } from '#config/monitor-entry.ts'
import { monitorEntrySchema } from '#config/monitor-schema.ts'
import { BUILT_IN } from '#config/presets.ts'
import type { Attention } from '#core/attention.ts'
import { compileConditions } from '#core/condition.ts'
import type { LatestLookup } from '#core/latest-results.ts'
import type { Monitor } from '#core/monitor.ts'
import { notSaved, saved } from '#core/saved.ts'
import { alertOfToken } from '#lib/ack-token.ts'
import { pushPath } from '#lib/push-token.ts'
import type { Names } from '#names/names.ts'
import { createBacktest } from '#pipeline/backtest.ts'
import type { Bans } from '#pipeline/bans.ts'
import { canClose, closeByHand } from '#pipeline/close-by-hand.ts'
import type { Correlated } from '#pipeline/correlated.ts'
import { createEndOfMonitor } from '#pipeline/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/end-of-rule.ts'
import { explain } from '#pipeline/explain.ts'
import { createJobs } from '#pipeline/jobs.ts'
import type { Network } from '#pipeline/network.ts'
import type { Persistence } from '#pipeline/persistence.ts'
import { planMaintenance } from '#pipeline/plan-maintenance.ts'
import type { QuietBook } from '#pipeline/quiets.ts'
import type { Registry } from '#pipeline/registry.ts'
import { createRuleBook, unsavedRule } from '#pipeline/rule-book.ts'
import { createSchedules, type Schedules } from '#pipeline/schedules.ts'
import { silenceOf } from '#pipeline/silence-of.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import type { Sealer } from '#storage/seal.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import type { Alive } from './alive.ts'
import { isForPeople } from './for-people.ts'
import type { AskedHistory } from './late-history.ts'
import type { Live } from './live-event.ts'
import { lookOnce } from './look-once.ts'
import type { ServerOptions } from './options.ts'
import type { Targets } from './targets.ts'
import { createWriting, type WritingDeps } from './writing.ts'

export interface ServiceDeps extends WritingDeps, Pick<ServerOptions, 'environment' | 'log'> {
  /** Of looks by hand. */
  readonly names: Names
  readonly registry: Registry
  readonly quiets: QuietBook
  readonly network: Network
  readonly correlated: Correlated
  readonly settings: SettingsBook
  readonly persistence: Pick<Persistence, 'write'>
  readonly alive: Pick<Alive, 'trusted'>
  readonly targets: Targets
  readonly history: AskedHistory
  readonly sealer: () => Sealer
  readonly tooOldMs: number
  readonly attention: Attention
  /** Signs what lets people acknowledge an alert from its message. */
  readonly ackKey: string | undefined
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
  /** Takes in events from outside. */
  readonly ingest: Services['ingest']
  readonly ingestOnce: Services['ingestOnce']
  readonly bans: Bans
  /** The logs that are followed. */
  readonly sources: Services['sources']
  /** Puts in force what is stored of monitors and channels. */
  readonly reconfigure: () => Promise<void>
  readonly latest: LatestLookup
  /** Stands behind the push URLs; undefined where it is missing. */
  readonly pushKey: string | undefined
  readonly about: Services['about']
}

/** The parts of the server as the API and the clock use them. */
export const createServices = (deps: ServiceDeps): Services & { readonly schedules: Schedules } => {
  const { storage, registry, quiets, network, settings, ingest, sealer, clock, environment, live, wake } = deps
  const { timeZone, reconfigure } = deps
  const { now } = clock

  const writing = createWriting(deps)
  const rules = createRuleBook({
    storage,
    registry,
    now,
    checkTemplates: writing.checkTemplates,
    endOf: createEndOfRule(isForPeople),
  })
  let known = { generation: -1, monitors: [] as readonly Monitor[] }
  const plainMonitors = (): readonly Monitor[] => {
    const generation = registry.generation()
    if (generation !== known.generation)
      known = { generation, monitors: registry.monitors().map(({ monitor }) => monitor) }
    return known.monitors
  }

  const backtest = createBacktest(storage, deps.tooOldMs)

  /** What the clock makes is made once: it waits for a store that refuses. */
  const patiently = (events: Parameters<typeof ingest>[0]) => deps.persistence.write(() => ingest(events))
  const schedules = createSchedules({
    storage,
    jobs: createJobs({
      storage,
      history: () => deps.history,
      settings: settings.get,
      now,
      trusted: deps.alive.trusted,
      ingest: patiently,
    }),
    now,
    timeZone,
    onFailure: (job, error) => deps.log.error({ job, err: error }, 'periodic work failed'),
  })

  return {
    storage,
    now,
    probeTypes,
    channelTypes,
    monitors: registry.monitors,
    monitor: registry.monitor,
    channels: registry.channels,
    ingest,
    ingestOnce: deps.ingestOnce,
    rules,
    channelBook: createChannelBook({
      storage,
      channelTypes,
      environment,
      sealer,
      now,
      channels: registry.channels,
      changed: async () => {
        await reconfigure()
        // A channel that went was taken out of rules.
        await rules.reload()
      },
      policy: deps.targets.ofChannels,
      sendTest: writing.sendTest,
    }),
    monitorBook: createMonitorBook({
      storage,
      probeTypes,
      parseTarget,
      sealer,
      now,
      monitors: plainMonitors,
      channelNames: () => registry.channels().map(({ name }) => name),
      changed: reconfigure,
      policy: deps.targets.ofMonitors,
      endOf: createEndOfMonitor(isForPeople),
    }),
    latest: deps.latest.get,
    check: async (monitor) =>
      monitor.locked === undefined
        ? lookOnce(monitor, deps.targets.ofMonitor(monitor), deps.names)
        : { ok: false, error: { code: 'key_missing', message: monitor.locked } },
    pushPath: (id) => (deps.pushKey === undefined ? undefined : pushPath(deps.pushKey, id)),
    about: deps.about,
    monitorEntry: entryOf,
    monitorSchema: monitorEntrySchema,
    monitorDefaults: BUILT_IN,
    schedules,
    settings,
    explain: (id) => explain(id, { storage, registry }),
    backtest: async (spec, from) => {
      const conditions = compileConditions(spec.conditions)
      if (!conditions.ok) return notSaved('invalid_input', `rule.${conditions.path}`, conditions.message)
      return saved(await backtest(unsavedRule(spec)!, from))
    },
    preview: writing.preview,
    words: writing.words,
    wake,
    quietsChanged: async () => {
      await planMaintenance(storage, now())
      await quiets.reload()
      // What a silence held back and no longer does is told at the next turn of the clock.
      await storage.transaction(({ alerts }) => alerts.lookAgain(now()))
    },
    attention: deps.attention,
    alertOfToken: (token) => alertOfToken(deps.ackKey, token),
    silenceOf: (alert) => silenceOf(alert, now(), { quiets, registry }),
    canResolve: (alert) => canClose(alert, { registry, network }),
    nobodyHears: registry.nobodyHears,
    resolveAlert: async (id, by) => {
      const rules = { storage, registry, quiets: quiets.current, network, correlated: deps.correlated }
      const closed = await closeByHand(id, by, now(), { ...rules, ruleOf: registry.ruleOf })
      if (closed === 'closed_and_told') wake()
      if (closed === 'not_open' || closed === 'still_failing') return closed
      live.publish('alert', { id, status: 'resolved' })
      return 'closed'
    },
    history: () => deps.history,
    bans: deps.bans,
    sources: deps.sources,
    listen: live.listen,
    announce: live.publish,
  }
}
