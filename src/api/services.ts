import type { ToldExport } from '#config/export/export-text.ts'
import type { Alert } from '#core/alert/alert.ts'
import type { Attention } from '#core/alert/attention.ts'
import type { Explanation } from '#core/alert/explanation.ts'
import type { Cause } from '#core/cause/cause.ts'
import type { ChannelType } from '#core/channel.ts'
import type { DutyRota } from '#core/duty/duty.ts'
import type { AddressFacts } from '#core/event/address-facts.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { SourcesStatus } from '#core/event/source-status.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Notification } from '#core/message/notification.ts'
import type { CutOff } from '#core/monitor/cut-off.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Topology } from '#core/monitor/topology.ts'
import type { PortHistory } from '#core/port/port-history.ts'
import type { PortSamples } from '#core/port/port-sample.ts'
import type { ProbeType } from '#core/probe.ts'
import type { Outcome } from '#core/problem.ts'
import type { LatestResult } from '#core/result/latest-results.ts'
import type { ProbeOutcome } from '#core/result/result.ts'
import type { ResultSeries } from '#core/result/result-batch.ts'
import type { BacktestResult } from '#core/rule/backtest-result.ts'
import type { Matcher } from '#core/rule/matcher.ts'
import type { RuleSpec, RuleTemplates } from '#core/rule/rule-spec.ts'
import type { ServerSettings } from '#core/server-settings.ts'
import type { TableStatus } from '#core/table-wanted.ts'
import type { Trouble } from '#core/trouble.ts'
import type { By } from '#core/who/by.ts'
import type { Titled, TObject } from '#lib/schema.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { ConfigurationPlan } from '#operations/configuration.ts'
import type { Uploads } from '#operations/import/uploads.ts'
import type { Operations } from '#operations/index.ts'
import type { ReplayedPlan } from '#operations/replay-plan.ts'
import type { WallLink } from '#operations/wall.ts'
import type { Schedule } from '#pipeline/clockwork/schedules.ts'
import type { Affected } from '#pipeline/decide/network.ts'
import type { MonitorQuiet } from '#pipeline/decide/silence-of.ts'
import type { HistoryPoint, Steps } from '#storage/history/index.ts'
import type { Storage } from '#storage/index.ts'
import type { MaintenanceWindow } from '#storage/maintenance.ts'
import type { Silence } from '#storage/silences.ts'
import type { BanServices } from './ban-services.ts'

/** A type of probe or channel, as the API tells of it. */
export interface TypeInfo extends Titled {
  readonly name: string
  readonly options: TObject
}

/** Facts of the running server. */
export interface About {
  readonly version: string
  readonly startedAt: number
  readonly timeZone: string
  readonly language: string
  readonly region?: string | undefined
  readonly url?: string | undefined
  /** Names of settings that the configuration file holds: people cannot change them here. */
  readonly heldByFile: readonly string[]
  readonly diskFreeBytes: number
  readonly diskTotalBytes: number
  /** What keeps it from its work. */
  readonly trouble: Trouble | undefined
  /** What people should know although the server does its work. */
  readonly notes?: readonly Cause[]
  /** Figures of the probe engine. */
  readonly engine: object | undefined
}

/** A message as templates would write it. */
interface PreviewText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The words of a message. */
type MessageWords = Pick<PreviewText, 'subject' | 'text'>

/** The counted connections of local ports. */
interface PortViews {
  /** The last count; undefined when there is none, or the tables could not be read. */
  latest(): PortSamples | undefined
  readonly history: Pick<PortHistory, 'series'>
}

/** What keeps this server from seeing the network, while people have been told and not that it is over. Times in ms. */
interface Sight {
  readonly blindSince: number | null
  /** Who looks names up and does not answer. */
  readonly silentResolver: { readonly servers: string; readonly since: number } | undefined
}

/** A configuration file that somebody hands over, with what it refers to. */
export interface SentConfiguration {
  /** What it is called in messages. */
  readonly file: string
  readonly text: string
  /** Values of the names that it refers to; nothing of the server's own environment is looked at. */
  readonly environment?: Readonly<Record<string, string>>
  /** Tables that it names, base64. */
  readonly tables?: Readonly<Record<string, string>>
  readonly prune?: boolean
  readonly beside?: boolean
}

/** What a file would do, and done. */
interface ConfigurationFace {
  plan(sent: SentConfiguration): Promise<Outcome<ConfigurationPlan>>
  apply(by: By, sent: SentConfiguration): Promise<Outcome<ConfigurationPlan>>
  /** What it would have told over what is stored of the last `spanMs`. */
  replay(sent: SentConfiguration, spanMs: number): Promise<Outcome<ReplayedPlan>>
  /** All that is there, in the words of the file, with names in the place of secrets. */
  exported(): Promise<ToldExport>
}

/** What the API asks of the rest of the server; the composition root hands it in. */
export interface Services extends Pick<BanServices, 'bans'> {
  /** The logs that are followed. */
  sources(): SourcesStatus
  /** Country and owner of an address, by the operator's databases; empty where there are none. */
  addressFacts(ip: string): AddressFacts
  readonly storage: Storage
  readonly now: () => number
  readonly timers: Timers
  readonly probeTypes: ReadonlyMap<string, TypeInfo & Pick<ProbeType, 'hosts' | 'judge'>>
  readonly channelTypes: ReadonlyMap<string, TypeInfo & Pick<ChannelType, 'describe'>>
  monitors(): readonly { readonly monitor: Monitor; readonly target: string }[]
  /** One of them. */
  monitor(id: number): { readonly monitor: Monitor; readonly target: string } | undefined
  /** What lets programs read the calendar without an account. */
  readonly calendarLink: {
    /** Undefined where the key that signs links is missing. */
    token(): Promise<string | undefined>
    fits(token: string): Promise<boolean>
  }
  /** The public key with which a browser subscribes; undefined where the key behind it is missing. */
  pushKey(): string | undefined
  /** Who is on duty, and the zone of lists that name none. */
  readonly duty: { rota(): DutyRota; timeZone(): string }
  /** The link by which a wall looks. */
  readonly wallLink: {
    /** How it stands; its token is undefined where the key that signs links is missing. */
    now(): Promise<WallLink & { readonly token: string | undefined }>
    fits(token: string): Promise<boolean>
  }
  /** The server's: of times that were sent without an offset. */
  timeZone(): string
  /** Who is reached through whom. */
  topology(): Topology
  /** Open alerts that a silence with these matchers would mute. */
  mutedBy(matchers: readonly Matcher[]): Promise<readonly Alert[]>
  /** Channels with their options opened: secrets must be masked before they leave. */
  channels(): readonly Channel[]
  ingest(events: readonly NewEvent[]): Promise<readonly number[]>
  /** The same for a sender that may send again; undefined where the key came with another body. */
  ingestOnce(
    events: readonly NewEvent[],
    once: { readonly key: string; readonly body: string },
  ): Promise<readonly number[] | undefined>
  /** Everything that people change. */
  readonly operations: Operations
  /** What people bring along from other tools. */
  readonly uploads: Uploads
  /** Tables that are read again and again. */
  readonly tables: {
    list(): readonly TableStatus[]
    /** False where there is none of that name. */
    read(name: string): Promise<boolean>
    /** Takes what waits for a yes: undefined where there is none of that name, false where nothing waits. */
    confirm(name: string): Promise<boolean | undefined>
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
  readonly schedules: { list(): Promise<readonly Schedule[]> }
  readonly settings: { get(): ServerSettings }
  readonly configuration: ConfigurationFace
  explain(eventId: number): Promise<Explanation | undefined>
  backtest(spec: RuleSpec, from: number): Promise<Outcome<BacktestResult>>
  preview(templates: RuleTemplates, event: NewEvent): Promise<Outcome<PreviewText>>
  /** A notification's words as they are at `at`, ms, by its rule's templates of today. */
  words(notification: Notification, at: number): Promise<MessageWords>
  /** Taking care of alerts without a session. */
  readonly attention: Attention
  /** The alert that the token of a link was signed for; undefined for any other text. */
  alertOfToken(token: string): number | undefined
  /** The silence that mutes what is told of an open alert now. */
  silenceOf(alert: Alert): Silence | undefined
  /** The maintenance window that an open alert is in now. */
  maintenanceOf(alert: Alert): MaintenanceWindow | undefined
  /** What keeps a monitor quiet now; undefined where nothing does. */
  monitorQuiet(monitor: Monitor): MonitorQuiet | undefined
  /** Who is cut off, by monitor id, and by which monitors that failed by themselves. */
  cutOff(): CutOff
  /** What stands behind a monitor; undefined where nothing does. */
  affected(monitorId: number): Affected | undefined
  /** True where it goes up and down. */
  flaps(monitorId: number): boolean
  /** Whether this server sees the network at all. */
  sight(): Sight
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
