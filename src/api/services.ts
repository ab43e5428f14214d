import type { Alert } from '#core/alert.ts'
import type { Attention } from '#core/attention.ts'
import type { BacktestResult } from '#core/backtest-result.ts'
import type { ChannelType, DeliveryOutcome } from '#core/channel.ts'
import type { Channel, ChannelChange, ChannelSpec } from '#core/channel-spec.ts'
import type { NewEvent } from '#core/event.ts'
import type { Explanation } from '#core/explanation.ts'
import type { LatestResult } from '#core/latest-results.ts'
import type { Monitor, MonitorSpec } from '#core/monitor.ts'
import type { Notification } from '#core/notification.ts'
import type { PortHistory } from '#core/port-history.ts'
import type { PortSamples } from '#core/port-sample.ts'
import type { ProbeType } from '#core/probe.ts'
import type { ProbeOutcome } from '#core/result.ts'
import type { ResultSeries } from '#core/result-batch.ts'
import type { RuleSpec, RuleTemplates, WrittenRule } from '#core/rule-spec.ts'
import type { Saved } from '#core/saved.ts'
import type { ScheduleTiming } from '#core/schedule.ts'
import type { ServerSettings } from '#core/server-settings.ts'
import type { SourcesStatus } from '#core/source-status.ts'
import type { JsonObject } from '#lib/json.ts'
import type { TObject } from '#lib/schema.ts'
import type { HistoryPoint, Steps } from '#storage/history/index.ts'
import type { Storage } from '#storage/index.ts'
import type { ScheduleRow } from '#storage/schedules.ts'
import type { Silence } from '#storage/silences.ts'
import type { BanServices } from './ban-services.ts'

/** A type of probe or channel, as the API tells of it. */
export interface TypeInfo {
  readonly name: string
  readonly title: string
  readonly options: TObject
}

/** What a test of a channel came to. */
export interface TestResult {
  readonly outcome: DeliveryOutcome
  readonly durationMs: number
}

/** A job with when it is due next, ms; null while it is off. */
export interface ShownSchedule extends ScheduleRow {
  readonly title: string
  readonly nextAt: number | null
}

/** Facts of the running server. */
export interface About {
  readonly version: string
  readonly startedAt: number
  readonly timeZone: string
  readonly language: string
  readonly url?: string | undefined
  readonly diskFreeBytes: number
  readonly diskTotalBytes: number
  /** What keeps it from its work, in words. */
  readonly trouble: string | undefined
  /** What people should know although the server does its work. */
  readonly notes?: readonly string[]
  /** Figures of the probe engine. */
  readonly engine: object | undefined
}

/** A message as templates would write it. */
export interface PreviewText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The words of a message. */
export type MessageWords = Pick<PreviewText, 'subject' | 'text'>

/** The counted connections of local ports. */
export interface PortViews {
  /** The last count; undefined when there is none, or the tables could not be read. */
  latest(): PortSamples | undefined
  readonly history: Pick<PortHistory, 'series'>
}

/** What the API asks of the rest of the server; the composition root hands it in. */
export interface Services extends BanServices {
  /** The logs that are followed. */
  sources(): SourcesStatus
  readonly storage: Storage
  readonly now: () => number
  readonly probeTypes: ReadonlyMap<string, TypeInfo & Pick<ProbeType, 'hosts' | 'judge'>>
  readonly channelTypes: ReadonlyMap<string, TypeInfo & Pick<ChannelType, 'describe'>>
  monitors(): readonly { readonly monitor: Monitor; readonly target: string }[]
  /** One of them. */
  monitor(id: number): { readonly monitor: Monitor; readonly target: string } | undefined
  /** Channels with their options opened: secrets must be masked before they leave. */
  channels(): readonly Channel[]
  ingest(events: readonly NewEvent[]): Promise<readonly number[]>
  /** The same for a sender that may send again; undefined where the key came with another body. */
  ingestOnce(
    events: readonly NewEvent[],
    once: { readonly key: string; readonly body: string },
  ): Promise<readonly number[] | undefined>
  readonly rules: {
    create(spec: RuleSpec, by: string): Promise<Saved<WrittenRule>>
    update(id: number, change: Partial<RuleSpec>, by: string): Promise<Saved<WrittenRule>>
    remove(id: number, by: string): Promise<boolean>
  }
  readonly channelBook: {
    create(spec: ChannelSpec): Promise<Saved<Channel>>
    update(id: number, change: ChannelChange): Promise<Saved<Channel>>
    /** `force` takes it out of the rules and monitors that name it; without, they keep it. */
    remove(id: number, force?: boolean): Promise<Saved<undefined>>
    /** Sends one message now and waits for its first attempt. */
    test(id: number): Promise<TestResult | undefined>
  }
  readonly monitorBook: {
    create(entry: unknown): Promise<Saved<Monitor>>
    update(id: number, change: JsonObject): Promise<Saved<Monitor>>
    /** Each by itself, in their order; with `dryRun` nothing is stored and there is no id. */
    createAll(
      entries: readonly unknown[],
      dryRun: boolean,
    ): Promise<readonly Saved<MonitorSpec & { readonly id?: number }>[]>
    remove(id: number): Promise<Saved<undefined>>
    pause(id: number, paused: boolean): Promise<boolean>
  }
  /** Undefined before the first look. */
  latest(monitorId: number): LatestResult | undefined
  /** Path that a monitor's target calls; undefined where the key behind it is missing. */
  pushPath(monitorId: number): string | undefined
  /** Looks once, now. Undefined for a monitor that only waits to be called. */
  check(monitor: Monitor): Promise<ProbeOutcome | undefined>
  /** What runs here and how it does. */
  about(): Promise<About>
  /** What a file would say of a monitor. */
  monitorEntry(monitor: Monitor): object
  readonly monitorSchema: TObject
  /** What a monitor does that says nothing of it, in the words of the file. */
  readonly monitorDefaults: object
  readonly schedules: {
    list(): Promise<readonly ShownSchedule[]>
    run(name: string): Promise<ShownSchedule | undefined>
    set(name: string, change: { enabled?: boolean; timing?: ScheduleTiming }): Promise<Saved<ShownSchedule>>
  }
  readonly settings: {
    get(): ServerSettings
    set(change: Partial<ServerSettings>): Promise<ServerSettings>
  }
  explain(eventId: number): Promise<Explanation | undefined>
  backtest(spec: RuleSpec, from: number): Promise<Saved<BacktestResult>>
  preview(templates: RuleTemplates, event: NewEvent): Promise<Saved<PreviewText>>
  /** A notification's words as they are at `at`, ms, by its rule's templates of today. */
  words(notification: Notification, at: number): Promise<MessageWords>
  /** Something new is in the outbox. */
  wake(): void
  /** Silences or windows changed. */
  quietsChanged(): Promise<void>
  /** Taking care of alerts without a session. */
  readonly attention: Attention
  /** The alert that the token of a link was signed for; undefined for any other text. */
  alertOfToken(token: string): number | undefined
  /** Ends an alert by hand, `by` whom; `not_open` when there is none such. */
  resolveAlert(id: number, by: string): Promise<'closed' | 'not_open' | 'still_failing'>
  /** The silence that mutes what is told of an open alert now. */
  silenceOf(alert: Alert): Silence | undefined
  /** Whether an open alert may be ended by hand: not while its monitor is not known to be well. */
  canResolve(alert: Alert): boolean
  /** True when no channel hears of the trouble of a monitor: it names none, and no rule that matches does. */
  nobodyHears(monitorId: number): boolean
  history(): {
    range(monitorId: number, from: number, to: number): Promise<ResultSeries>
    series(monitorId: number, from: number, to: number, steps: Steps): Promise<readonly HistoryPoint[]>
  }
  /** Counted connections of local ports; absent where nobody counts. */
  readonly ports?: PortViews
  /** Hears of what happens, for live updates. Returns the way to stop. */
  listen(hear: (kind: string, data: object) => void): () => void
  /** Tells those listeners of a change. */
  announce(kind: string, data: object): void
}
