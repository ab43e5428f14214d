import type { Services } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import { entryOf } from '#config/monitor-entry.ts'
import { monitorEntrySchema } from '#config/monitor-schema.ts'
import { BUILT_IN } from '#config/presets.ts'
import { refused } from '#core/problem.ts'
import type { LatestLookup } from '#core/result/latest-results.ts'
import { compileConditions } from '#core/rule/condition.ts'
import { alertOfToken } from '#lib/ack-token.ts'
import { pushPath } from '#lib/push-token.ts'
import { done } from '#lib/result.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Names } from '#names/names.ts'
import type { Bans } from '#pipeline/ban/bans.ts'
import { createJobs } from '#pipeline/clockwork/jobs.ts'
import { createSchedules, type Schedules } from '#pipeline/clockwork/schedules.ts'
import { createBacktest } from '#pipeline/decide/backtest.ts'
import { canClose } from '#pipeline/decide/can-close.ts'
import { explain } from '#pipeline/decide/explain.ts'
import type { Network } from '#pipeline/decide/network.ts'
import type { QuietBook } from '#pipeline/decide/quiets.ts'
import { silenceOf } from '#pipeline/decide/silence-of.ts'
import { unsavedRule } from '#pipeline/decide/unsaved-rule.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import { probeTypes } from '#probes/index.ts'
import type { Alive } from './alive.ts'
import type { AskedHistory } from './late-history.ts'
import type { Live } from './live-event.ts'
import { lookOnce } from './look-once.ts'
import { type Attending, createOperating, type OperatingDeps } from './operating.ts'
import type { ServerOptions } from './options.ts'
import { createWriting, type WritingDeps } from './writing.ts'

export interface ServiceDeps
  extends WritingDeps,
    Attending,
    Omit<OperatingDeps, 'sendTest' | 'checkTemplates' | 'schedules'>,
    Pick<ServerOptions, 'log'> {
  /** Of looks by hand. */
  readonly names: Names
  readonly registry: OperatingDeps['registry']
  readonly quiets: QuietBook
  readonly network: Network
  readonly persistence: Pick<Persistence, 'write'>
  readonly alive: Pick<Alive, 'trusted'>
  readonly timers: Timers
  readonly history: AskedHistory
  readonly tooOldMs: number
  /** Signs what lets people acknowledge an alert from its message. */
  readonly ackKey: string | undefined
  readonly live: Live
  /** Takes in events from outside. */
  readonly ingest: Services['ingest']
  readonly ingestOnce: Services['ingestOnce']
  readonly bans: Bans
  /** The logs that are followed. */
  readonly sources: Services['sources']
  readonly latest: LatestLookup
  /** Stands behind the push URLs; undefined where it is missing. */
  readonly pushKey: string | undefined
  readonly about: Services['about']
}

/** The parts of the server as the API and the clock use them. */
export const createServices = (deps: ServiceDeps): Services & { readonly schedules: Schedules } => {
  const { storage, registry, quiets, network, settings, ingest, clock, live, timeZone } = deps
  const { now } = clock

  const writing = createWriting(deps)
  const backtest = createBacktest({ storage, timers: deps.timers }, deps.tooOldMs)

  /** What the clock makes is made once: it waits for a store that refuses. */
  const patiently = (events: Parameters<typeof ingest>[0]) => deps.persistence.write(() => ingest(events))
  const schedules = createSchedules({
    storage,
    jobs: createJobs({
      storage,
      history: () => deps.history,
      settings: settings.get,
      timers: deps.timers,
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
    timers: deps.timers,
    probeTypes,
    channelTypes,
    monitors: registry.monitors,
    monitor: registry.monitor,
    channels: registry.channels,
    ingest,
    ingestOnce: deps.ingestOnce,
    operations: createOperating({ ...deps, ...writing, schedules, now }),
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
      if (!conditions.ok) return refused('invalid_input', `rule.${conditions.path}`, conditions.message)
      return done(await backtest(unsavedRule(spec)!, from))
    },
    preview: writing.preview,
    words: writing.words,
    attention: deps.attention,
    alertOfToken: (token) => alertOfToken(deps.ackKey, token),
    silenceOf: (alert) => silenceOf(alert, now(), { quiets, registry }),
    canResolve: (alert) => canClose(alert, { registry, network }),
    nobodyHears: registry.nobodyHears,
    history: () => deps.history,
    bans: deps.bans,
    sources: deps.sources,
    listen: live.listen,
    announce: live.publish,
  }
}
