import type { Services } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import { createChannelBook, guardOf } from '#config/channel-book.ts'
import { createMonitorBook } from '#config/monitor-book.ts'
import { entryOf } from '#config/monitor-entry.ts'
import { BUILT_IN } from '#config/presets.ts'
import { monitorEntrySchema } from '#config/schema.ts'
import type { Attention } from '#core/attention.ts'
import type { Channel } from '#core/channel-spec.ts'
import { compileConditions } from '#core/condition.ts'
import type { NewEvent, VigiaEvent } from '#core/event.ts'
import type { Language } from '#core/message.ts'
import { notSaved, saved } from '#core/saved.ts'
import { createCorrelation } from '#detectors/correlation.ts'
import { alertOfToken } from '#lib/ack-token.ts'
import type { Bus } from '#lib/bus.ts'
import type { Clock } from '#lib/clock.ts'
import { channelPolicy, monitorPolicy } from '#lib/forbidden-address.ts'
import { createBacktest } from '#pipeline/backtest.ts'
import type { BanDeps } from '#pipeline/bans.ts'
import type { Correlated } from '#pipeline/correlated.ts'
import { endAlert } from '#pipeline/end-alert.ts'
import { explain } from '#pipeline/explain.ts'
import { createIngest, createRecorder } from '#pipeline/ingest.ts'
import { createJobs } from '#pipeline/jobs.ts'
import type { Network } from '#pipeline/network.ts'
import { planMaintenance } from '#pipeline/plan-maintenance.ts'
import type { QuietBook } from '#pipeline/quiets.ts'
import type { Registry } from '#pipeline/registry.ts'
import { createRuleBook, unsavedRule } from '#pipeline/rule-book.ts'
import { createSchedules, type Schedules } from '#pipeline/schedules.ts'
import { createRenderer, previewMessage, testMessage } from '#pipeline/write.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import type { History } from '#storage/history/index.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import type { TemplateFence } from '#templates/jinja/fence.ts'
import { renderMessage } from '#templates/render.ts'
import type { Security } from './security.ts'

export interface ServiceDeps {
  readonly storage: Storage
  readonly registry: Registry
  readonly quiets: QuietBook
  readonly network: Network
  readonly correlated: Correlated
  readonly settings: SettingsBook
  readonly fence: TemplateFence
  readonly history: () => History
  readonly sealer: () => Sealer
  readonly clock: Clock
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly language: Language
  readonly timeZone: string
  /** Base of links in messages; absent: none. */
  readonly url?: string | undefined
  readonly tooOldMs: number
  readonly attention: Attention
  /** Signs what lets people acknowledge an alert from its message. */
  readonly ackKey: string
  readonly live: Bus<[kind: string, data: object]>
  /** Something new is in the outbox. */
  readonly wake: () => void
  /** Adds what is known of an event before it is stored. */
  readonly enrich?: ((event: NewEvent) => NewEvent) | undefined
  /** Follows security tools; what they say is recorded by what it is given. */
  readonly security: (record: BanDeps['record']) => Security
  /** Puts in force what is stored of monitors and channels. */
  readonly reconfigure: () => Promise<void>
  readonly onFailure: (what: string, error: unknown) => void
  readonly latency: Services['latency']
  readonly check: Services['check']
  readonly about: Services['about']
}

/** A test of a channel waits this long for its first attempt. */
const TEST_PATIENCE_MS = 10_000

const HOUR_MS = 3_600_000
/** Signals of the last hour are looked for among so many events, the newest. */
const REMEMBERED_EVENTS = 1000

/** The place of a channel that is gone: the server's own. */
const NOWHERE: Channel = { id: 0, name: '', type: '', options: {}, enabled: false }

/** The end of time, as ECMAScript has it, ms. */
const LATEST_TIME = 8.64e15

/** What a live listener hears of an event. */
export const liveEvent = ({ id, type, severity, subject, at, monitorId, data }: VigiaEvent): object => ({
  id,
  type,
  severity,
  subject,
  at: new Date(at).toISOString(),
  monitor: monitorId,
  ...(type === 'monitor_state' && {
    // Of one that flaps: where it stands at the moment.
    state: data.state_now ?? data.state,
    previous_state: data.previous_state,
    // Whoever sends such an event may write anything there; as it stands it is no time then.
    since:
      typeof data.since === 'number' && Math.abs(data.since) <= LATEST_TIME ? new Date(data.since).toISOString() : null,
    code: data.code,
    cause: data.cause,
  }),
})

/** The parts of the server as the API and the clock use them. */
export const createServices = (deps: ServiceDeps): Services & { readonly schedules: Schedules } => {
  const {
    storage,
    registry,
    quiets,
    network,
    settings,
    fence,
    history,
    sealer,
    clock,
    environment,
    live,
    wake,
    reconfigure,
  } = deps
  const { language, timeZone, url } = deps
  const now = clock.now

  const channelTargets = () => {
    const { allowed_channel_targets: allowed } = settings.get()
    return { allowed: [...channelPolicy.allowed, ...allowed] }
  }
  const monitorTargets = () => {
    const { allowed_monitor_targets: allowed } = settings.get()
    return { allowed: [...monitorPolicy.allowed, ...allowed] }
  }

  const correlation = createCorrelation()
  // What was stored within the last hour goes on being part of a story.
  void storage.events
    .list({ limit: REMEMBERED_EVENTS })
    .then((events) => correlation.observe(events.filter(({ at }) => now() - at <= HOUR_MS).reverse()))
    .catch((error) => deps.onFailure('remembering the signals of the last hour', error))

  const recording = {
    storage,
    registry,
    quiets: quiets.current,
    network,
    correlated: deps.correlated,
    now,
    tooOldMs: deps.tooOldMs,
    wake,
    ...(deps.enrich && { enrich: deps.enrich }),
    correlate: correlation.observe,
    onEvents: (events: readonly VigiaEvent[]) => {
      for (const event of events) live.publish('event', liveEvent(event))
    },
  }
  const ingest = createIngest(recording)
  const { bans, status: sources } = deps.security(createRecorder(recording))

  const sendTest = (channel: Channel) => {
    const type = channelTypes.get(channel.type)!
    const place = { language: channel.language ?? language, timeZone: channel.timeZone ?? timeZone, now: now() }
    return type.send(renderMessage(testMessage(now()), place), channel.options as never, {
      signal: AbortSignal.timeout(TEST_PATIENCE_MS),
      timeoutMs: TEST_PATIENCE_MS,
      environment,
      references: [],
      ...guardOf(channel, channelTargets),
    })
  }

  const rules = createRuleBook({
    storage,
    registry,
    now,
    checkTemplates: async (templates) => {
      const wrong = await fence.check(templates)
      return wrong && { path: `templates.${wrong.problem.part}`, message: wrong.problem.message }
    },
  })
  const backtest = createBacktest(storage, deps.tooOldMs)

  const schedules = createSchedules({
    storage,
    jobs: createJobs({ storage, history, settings: settings.get, now, ingest }),
    now,
    timeZone,
    onFailure: deps.onFailure,
  })

  return {
    storage,
    now,
    probeTypes,
    channelTypes,
    monitors: registry.monitors,
    channels: registry.channels,
    ingest,
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
      policy: channelTargets,
      sendTest,
    }),
    monitorBook: createMonitorBook({
      storage,
      probeTypes,
      parseTarget,
      sealer,
      now,
      monitors: () => registry.monitors().map(({ monitor }) => monitor),
      channelNames: () => registry.channels().map(({ name }) => name),
      changed: reconfigure,
      policy: monitorTargets,
    }),
    latency: deps.latency,
    check: deps.check,
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
    preview: async (templates, event) => {
      const preview = await previewMessage(templates, event, { fence, language, timeZone, now: now() })
      if ('problem' in preview)
        return notSaved('invalid_input', `templates.${preview.problem.part}`, preview.problem.message)
      return saved({ subject: preview.subject, text: preview.lines.join('\n'), html: preview.html })
    },
    words: async (notification, at) => {
      const render = createRenderer({
        storage,
        clock: { ...clock, now: () => at },
        language,
        timeZone,
        url,
        fence,
        templatesOf: (id) => registry.rule(id)?.spec.templates,
        // It was told when it was sent.
        onProblem: () => {},
      })
      const { subject, lines } = await render(notification, registry.channel(notification.channelId) ?? NOWHERE)
      return { subject, text: lines.join('\n') }
    },
    wake,
    quietsChanged: async () => {
      await planMaintenance(storage, now())
      await quiets.reload()
      // What a silence held back and no longer does is told at the next turn of the clock.
      await storage.transaction(({ alerts }) => alerts.lookAgain(now()))
    },
    attention: deps.attention,
    alertOfToken: (token) => alertOfToken(deps.ackKey, token),
    resolveAlert: async (id) => {
      const told = await storage.transaction(async (repositories) => {
        const alert = await repositories.alerts.byId(id)
        if (alert?.status !== 'firing') return undefined
        const rules = { quiets: quiets.current, network, correlated: deps.correlated, ruleOf: registry.ruleOf }
        return endAlert(alert, 'hand', now(), now(), rules, repositories)
      })
      if (told) wake()
      if (told !== undefined) live.publish('alert', { id, status: 'resolved' })
      return told !== undefined
    },
    history,
    bans,
    sources,
    listen: live.listen,
    announce: live.publish,
  }
}
