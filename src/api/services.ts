import type { DeliveryOutcome } from '#core/channel.ts'
import type { Channel, ChannelSpec } from '#core/channel-spec.ts'
import type { NewEvent } from '#core/event.ts'
import type { Monitor, MonitorSpec } from '#core/monitor.ts'
import type { ResultSeries } from '#core/result-batch.ts'
import type { RuleSpec, RuleTemplates, WrittenRule } from '#core/rule-spec.ts'
import type { TObject } from '#lib/schema.ts'
import type { Storage } from '#storage/index.ts'

/** What is wrong with something that people want to save. */
export interface SaveProblem {
  readonly code: 'invalid' | 'name_taken' | 'not_found' | 'owned_by_file'
  readonly path: string
  readonly message: string
}

export type Saved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: SaveProblem }

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

/** What the API asks of the rest of the server; the composition root hands it in. */
export interface Services {
  readonly storage: Storage
  readonly now: () => number
  readonly probeTypes: ReadonlyMap<string, TypeInfo>
  readonly channelTypes: ReadonlyMap<string, TypeInfo>
  monitors(): readonly { readonly monitor: Monitor; readonly target: string }[]
  /** Channels with their options opened: secrets must be masked before they leave. */
  channels(): readonly Channel[]
  ingest(events: readonly NewEvent[], key?: string): Promise<readonly number[]>
  readonly rules: {
    create(spec: RuleSpec, by: string): Promise<Saved<WrittenRule>>
    update(id: number, change: Partial<RuleSpec>, by: string): Promise<Saved<WrittenRule>>
    remove(id: number, by: string): Promise<boolean>
  }
  readonly channelBook: {
    create(spec: ChannelSpec): Promise<Saved<Channel>>
    update(id: number, change: Partial<ChannelSpec>): Promise<Saved<Channel>>
    remove(id: number): Promise<Saved<undefined>>
    /** Sends one message now and waits for its first attempt. */
    test(id: number): Promise<TestResult | undefined>
  }
  readonly monitorBook: {
    create(spec: MonitorSpec): Promise<Saved<Monitor>>
    update(id: number, change: Partial<MonitorSpec>): Promise<Saved<Monitor>>
    remove(id: number): Promise<Saved<undefined>>
    pause(id: number, paused: boolean): Promise<boolean>
  }
  explain(eventId: number): Promise<object | undefined>
  backtest(spec: RuleSpec, from: number): Promise<Saved<object>>
  preview(templates: RuleTemplates, event: NewEvent): Promise<Saved<object>>
  /** Something new is in the outbox. */
  wake(): void
  /** Silences or windows changed. */
  quietsChanged(): Promise<void>
  /** Ends an alert by hand. Undefined when there is none such that is open. */
  resolveAlert(id: number, by: string): Promise<boolean>
  history(): {
    range(monitorId: number, from: number, to: number): Promise<ResultSeries>
    series(monitorId: number, from: number, to: number, stepMs: number): Promise<readonly object[]>
  }
  /** Hears of what happens, for live updates. Returns the way to stop. */
  listen(hear: (kind: string, data: object) => void): () => void
}
