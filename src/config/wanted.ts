import type { EscalationStep } from '#core/alert/escalation.ts'
import type { ChannelSpec } from '#core/message/channel-spec.ts'
import type { MonitorSpec } from '#core/monitor/monitor.ts'
import type { OutputsWanted } from '#core/outputs.ts'
import type { ServerSettings } from '#core/server-settings.ts'
import type { TableWanted } from '#core/table-wanted.ts'
import type { WantedDuty } from './duty.ts'
import type { MetricsSettings } from './metrics.ts'
import type { PortSettings } from './ports.ts'
import type { WantedMaintenance, WantedSilence } from './quiets.ts'
import type { WantedRule } from './rules.ts'
import type { SecurityLimits, Sources } from './sources.ts'
import type { Witnesses } from './witnesses.ts'

/** What a file (or a command line) wants to exist. */
export interface Wanted {
  readonly channels: readonly (ChannelSpec & { readonly was?: string })[]
  readonly monitors: readonly (MonitorSpec & { readonly was?: string })[]
  readonly rules?: readonly WantedRule[]
  readonly silences?: readonly WantedSilence[]
  readonly maintenance?: readonly WantedMaintenance[]
  readonly escalation?: readonly EscalationStep[]
  readonly duty?: WantedDuty
  readonly witnesses?: Witnesses
  /** Names of channels that hear of the server itself; absent: all. */
  readonly ownChannels?: readonly string[]
  readonly sources?: Sources
  readonly security?: SecurityLimits
  readonly metrics?: MetricsSettings
  readonly ports?: PortSettings
  readonly heartbeat?: { readonly url: string; readonly everyMs: number } | undefined
  readonly outputs?: OutputsWanted | undefined
  readonly polled?: readonly TableWanted[] | undefined
  /** What people set for the whole server; only what is named. */
  readonly settings?: Partial<ServerSettings> | undefined
  /** Parts that only a server's own file says, as that writes them: with names of the environment in them. */
  readonly written?: () => Readonly<Record<string, unknown>>
}
