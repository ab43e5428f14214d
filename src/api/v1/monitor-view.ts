import { causeFields } from '#core/cause/cause-fields.ts'
import type { Severity } from '#core/event/severity.ts'
import type { Monitor, State } from '#core/monitor/monitor.ts'
import type { ProbeType } from '#core/probe.ts'
import { addressesOf, type LatestResult, latencyOf, troubleOf } from '#core/result/latest-results.ts'
import { durationText } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import { maskSecrets } from '#storage/secret-fields.ts'
import type { StoredState } from '#storage/states.ts'
import { inEnglish } from '#templates/said.ts'
import type { TypeInfo } from '../services.ts'

/** What is known of a monitor besides what people wrote. */
export interface MonitorFacts {
  readonly target: string
  readonly state: Pick<StoredState, 'state' | 'since' | 'code' | 'cause' | 'sentence'> | undefined
  /** Undefined before the first look. */
  readonly latest: LatestResult | undefined
  /** No channel hears of its trouble. */
  readonly unheard?: boolean
  /** Monitors that failed by themselves and cut it off. */
  readonly cutOffBy?: readonly number[] | undefined
  readonly flaps?: boolean
}

/** What a list shows of a monitor: thousands of these travel at once. */
export const monitorBrief = (monitor: Monitor, { target, state, latest, unheard, cutOffBy, flaps }: MonitorFacts) => ({
  id: monitor.id,
  name: monitor.name,
  type: monitor.type,
  target,
  state: state?.state ?? ('unknown' as State),
  since: iso(state?.since ?? null),
  ...troubleOf(state, latest, inEnglish),
  latency_ms: latencyOf(latest),
  // Only where it is so: nobody who looks names up answers for its host.
  ...addressesOf(latest),
  paused: monitor.paused,
  // Only where it is so: `since` says since when it is what it was found to be last.
  ...(monitor.pausedAt !== undefined && { paused_since: iso(monitor.pausedAt) }),
  ...(monitor.pause && { pause: { ...monitor.pause, until: iso(monitor.pause.until) } }),
  severity: monitor.severity,
  ...(monitor.degradedSeverity !== 'MEDIUM' && { degraded_severity: monitor.degradedSeverity as Severity }),
  labels: monitor.labels,
  // Where it stands and what it is are looked for as well.
  ...(monitor.location !== undefined && { location: monitor.location }),
  ...(monitor.description !== undefined && { description: monitor.description }),
  parents: monitor.parents ?? [],
  // Only where it is so: thousands of these travel at once.
  ...(unheard && { nobody_hears: true as const }),
  /** Down because of these: ids of monitors that failed by themselves. Its state stays what it is. */
  ...(cutOffBy && { cut_off_by: cutOffBy }),
  ...(flaps && { flapping: true as const }),
})

/** The last look: what is so now, while `cause` says what was so when the state changed. */
const lastView = (latest: LatestResult | undefined) =>
  latest
    ? {
        at: iso(latest.at),
        code: latest.code,
        latency_ms: latencyOf(latest),
        loss: Number.isNaN(latest.loss) ? null : latest.loss,
        ...(latest.cause ? causeFields(inEnglish(latest.cause), latest.cause) : { cause: null }),
      }
    : null

/** A monitor as it may leave the server: its secrets are masked. */
export const monitorView = (
  monitor: Monitor,
  facts: MonitorFacts,
  type: (TypeInfo & Pick<ProbeType, 'judge'>) | undefined,
) => ({
  ...monitorBrief(monitor, facts),
  options: type ? maskSecrets(type.options, monitor.options) : {},
  interval: durationText(monitor.intervalMs),
  last: lastView(facts.latest),
  description: monitor.description ?? '',
  location: monitor.location ?? '',
  runbook: monitor.runbook ?? '',
  channels: monitor.channels,
  origin: monitor.origin ?? null,
  /** It waits to be called, at what `/push-url` shows. */
  ...(type?.judge && { passive: true as const }),
})
