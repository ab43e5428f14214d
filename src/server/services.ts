import type { Services } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import { entryOf } from '#config/monitor-entry.ts'
import { monitorEntrySchema } from '#config/monitor-schema.ts'
import { BUILT_IN } from '#config/presets.ts'
import { refused } from '#core/problem.ts'
import type { LatestLookup } from '#core/result/latest-results.ts'
import { compileConditions } from '#core/rule/condition.ts'
import { alertOfToken } from '#lib/ack-token.ts'
import { calendarToken, isCalendarToken } from '#lib/calendar-token.ts'
import { vapidKeys } from '#lib/net/vapid.ts'
import { pushPath } from '#lib/push-token.ts'
import { done } from '#lib/result.ts'
import type { Timers } from '#lib/time/timers.ts'
import { isWallToken, wallToken } from '#lib/wall-token.ts'
import type { Names } from '#names/names.ts'
import { CALENDAR_EDITION } from '#operations/plans.ts'
import { wallLink } from '#operations/wall.ts'
import { createBacktest } from '#pipeline/decide/backtest.ts'
import { canClose } from '#pipeline/decide/can-close.ts'
import { explain } from '#pipeline/decide/explain.ts'
import { mutedBy } from '#pipeline/decide/muted-by.ts'
import type { Network } from '#pipeline/decide/network.ts'
import type { QuietBook } from '#pipeline/decide/quiets.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import { maintenanceOf, monitorQuiet, silenceOf } from '#pipeline/decide/silence-of.ts'
import { unsavedRule } from '#pipeline/decide/unsaved-rule.ts'
import { probeTypes } from '#probes/index.ts'
import { conditionSaid } from '#templates/said.ts'
import type { AskedHistory } from './late-history.ts'
import type { Live } from './live-event.ts'
import { lookOnce } from './look-once.ts'
import type { Targets } from './targets.ts'
import type { Writing } from './writing.ts'

export interface ServiceDeps
  extends Pick<
    Services,
    | 'storage'
    | 'operations'
    | 'uploads'
    | 'tables'
    | 'schedules'
    | 'settings'
    | 'configuration'
    | 'attention'
    | 'ingest'
    | 'ingestOnce'
    | 'bans'
    | 'sources'
    | 'addressFacts'
    | 'about'
    | 'sight'
    | 'duty'
    | 'now'
  > {
  readonly ports: NonNullable<Services['ports']>
  readonly registry: Registry
  readonly targets: Pick<Targets, 'ofMonitor'>
  /** Of looks by hand. */
  readonly names: Names
  readonly quiets: QuietBook
  readonly network: Network
  readonly latest: LatestLookup
  readonly history: AskedHistory
  readonly writing: Pick<Writing, 'preview' | 'words'>
  readonly tooOldMs: number
  /** Signs what lets people acknowledge an alert from its message. */
  readonly ackKey: string | undefined
  /** Stands behind the push URLs; undefined where it is missing. */
  readonly pushKey: string | undefined
  readonly live: Live
  readonly monotonic: () => number
  readonly timers: Timers
  readonly timeZone: () => string
}

const calendarLinkOf = (storage: Services['storage'], key: string | undefined): Services['calendarLink'] => {
  const edition = async () => (await storage.settings.get<number>(CALENDAR_EDITION)) ?? 1
  return {
    token: async () => (key === undefined ? undefined : calendarToken(key, await edition())),
    fits: async (token) => isCalendarToken(key, await edition(), token),
  }
}

const wallLinkOf = (storage: Services['storage'], key: string | undefined): Services['wallLink'] => ({
  now: async () => {
    const link = await wallLink(storage)
    return { ...link, token: key === undefined ? undefined : wallToken(key, link.edition) }
  },
  fits: async (token) => isWallToken(key, (await wallLink(storage)).edition, token),
})

/** The parts of the server as the API uses them. */
export const createServices = (deps: ServiceDeps): Services => {
  const { storage, registry, targets, names, quiets, network, writing, live, timers, now, monotonic } = deps
  const backtest = createBacktest({ storage, timers, timeZone: deps.timeZone }, deps.tooOldMs)

  return {
    storage,
    now,
    timers,
    probeTypes,
    channelTypes,
    monitors: registry.monitors,
    monitor: registry.monitor,
    calendarLink: calendarLinkOf(storage, deps.ackKey),
    wallLink: wallLinkOf(storage, deps.ackKey),
    pushKey: () => (deps.ackKey === undefined ? undefined : vapidKeys(deps.ackKey).publicKey),
    timeZone: deps.timeZone,
    duty: deps.duty,
    topology: registry.topology,
    mutedBy: (matchers) => mutedBy(matchers, { storage, registry }),
    channels: registry.channels,
    ingest: deps.ingest,
    ingestOnce: deps.ingestOnce,
    operations: deps.operations,
    uploads: deps.uploads,
    tables: deps.tables,
    latest: deps.latest.get,
    check: async (monitor) =>
      monitor.locked === undefined
        ? lookOnce(monitor, targets.ofMonitor(monitor), { names, timing: { monotonic, timers }, now })
        : { ok: false, error: { code: 'key_missing', cause: monitor.locked } },
    pushPath: (id) => (deps.pushKey === undefined ? undefined : pushPath(deps.pushKey, id)),
    about: deps.about,
    monitorEntry: entryOf,
    monitorSchema: monitorEntrySchema,
    monitorDefaults: BUILT_IN,
    schedules: deps.schedules,
    settings: deps.settings,
    configuration: deps.configuration,
    explain: (id) => explain(id, { storage, registry }),
    backtest: async (spec, from) => {
      const conditions = compileConditions(spec.conditions)
      if (!conditions.ok) {
        const said = conditionSaid(conditions)
        return refused('invalid_input', `rule.${conditions.path}`, said.message, said)
      }
      return done(await backtest(unsavedRule(spec)!, from))
    },
    preview: writing.preview,
    words: writing.words,
    attention: deps.attention,
    alertOfToken: (token) => alertOfToken(deps.ackKey, token),
    silenceOf: (alert) => silenceOf(alert, now(), { quiets, registry }),
    maintenanceOf: (alert) => maintenanceOf(alert, now(), { quiets, registry, network }),
    monitorQuiet: (monitor) => monitorQuiet(monitor, now(), { quiets, network }),
    cutOff: network.cutOff,
    affected: network.affected,
    flaps: (id) => network.flaps(id) !== undefined,
    sight: deps.sight,
    canResolve: (alert) => canClose(alert, { registry, network }),
    nobodyHears: registry.nobodyHears,
    history: () => deps.history,
    bans: deps.bans,
    ports: deps.ports,
    sources: deps.sources,
    addressFacts: deps.addressFacts,
    listen: live.listen,
    announce: live.publish,
  }
}
