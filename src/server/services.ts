import type { Services } from '#api/services.ts'
import { channelTypes } from '#channels/index.ts'
import { createChannelBook } from '#config/channel-book.ts'
import { createMonitorBook } from '#config/monitor-book.ts'
import { entryOf } from '#config/monitor-entry.ts'
import { BUILT_IN } from '#config/presets.ts'
import { monitorEntrySchema } from '#config/schema.ts'
import type { Attention } from '#core/attention.ts'
import type { Channel } from '#core/channel-spec.ts'
import { compileConditions } from '#core/condition.ts'
import type { LatestLookup } from '#core/latest-results.ts'
import { notSaved, saved } from '#core/saved.ts'
import { alertOfToken } from '#lib/ack-token.ts'
import type { Clock } from '#lib/clock.ts'
import { channelPolicy, monitorPolicy } from '#lib/forbidden-address.ts'
import { createBacktest } from '#pipeline/backtest.ts'
import type { Bans } from '#pipeline/bans.ts'
import type { Correlated } from '#pipeline/correlated.ts'
import type { DeliverDeps } from '#pipeline/deliver.ts'
import { endAlert } from '#pipeline/end-alert.ts'
import { explain } from '#pipeline/explain.ts'
import { createJobs } from '#pipeline/jobs.ts'
import type { Network } from '#pipeline/network.ts'
import { planMaintenance } from '#pipeline/plan-maintenance.ts'
import type { QuietBook } from '#pipeline/quiets.ts'
import type { Registry } from '#pipeline/registry.ts'
import { createRuleBook, unsavedRule } from '#pipeline/rule-book.ts'
import { createSchedules, type Schedules } from '#pipeline/schedules.ts'
import { createRenderer, previewMessage, testMessage } from '#pipeline/write.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import type { TemplateFence } from '#templates/jinja/fence.ts'
import { renderMessage } from '#templates/render.ts'
import type { AskedHistory } from './late-history.ts'
import type { Live } from './live-event.ts'
import { lookOnce } from './look-once.ts'
import type { ServerOptions } from './options.ts'

export interface ServiceDeps extends Pick<ServerOptions, 'environment' | 'language' | 'timeZone' | 'url' | 'log'> {
  readonly storage: Storage
  readonly registry: Registry
  readonly quiets: QuietBook
  readonly network: Network
  readonly correlated: Correlated
  readonly settings: SettingsBook
  readonly fence: TemplateFence
  readonly history: AskedHistory
  readonly sealer: () => Sealer
  readonly clock: Clock
  readonly tooOldMs: number
  readonly attention: Attention
  /** Signs what lets people acknowledge an alert from its message. */
  readonly ackKey: string
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
  /** Takes in events from outside. */
  readonly ingest: Services['ingest']
  readonly bans: Bans
  /** Puts in force what is stored of monitors and channels. */
  readonly reconfigure: () => Promise<void>
  readonly latest: LatestLookup
  readonly sendContext: DeliverDeps['sendContext']
  readonly about: Services['about']
}

/** A test of a channel waits this long for its first attempt. */
const TEST_PATIENCE_MS = 10_000

/** The place of a channel that is gone: the server's own. */
const NOWHERE: Channel = { id: 0, name: '', type: '', options: {}, enabled: false }

/** The parts of the server as the API and the clock use them. */
export const createServices = (deps: ServiceDeps): Services & { readonly schedules: Schedules } => {
  const {
    storage,
    registry,
    quiets,
    network,
    settings,
    fence,
    ingest,
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

  const sendTest = (channel: Channel) => {
    const type = channelTypes.get(channel.type)!
    const place = { language: channel.language ?? language, timeZone: channel.timeZone ?? timeZone, now: now() }
    return type.send(renderMessage(testMessage(now()), place), channel.options as never, {
      signal: AbortSignal.timeout(TEST_PATIENCE_MS),
      timeoutMs: TEST_PATIENCE_MS,
      references: [],
      ...deps.sendContext(channel),
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
    jobs: createJobs({ storage, history: () => deps.history, settings: settings.get, now, ingest }),
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
    latency: (id) => {
      const ms = deps.latest.get(id)?.latencyMs
      return ms === undefined || Number.isNaN(ms) ? null : ms
    },
    check: lookOnce,
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
    history: () => deps.history,
    bans: deps.bans,
    listen: live.listen,
    announce: live.publish,
  }
}
