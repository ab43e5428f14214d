import { because, type Cause } from '#core/cause/cause.ts'
import type { DegradedThresholds, QualityBounds } from '#core/monitor/monitor.ts'
import { durationMs } from '#lib/time/duration.ts'
import type { MonitorEntry } from './monitor-schema.ts'

const bare = (text: string) => text.replace(/^(>=|<) ?/, '')
const boundMs = (text: string) => durationMs(bare(text))
const boundShare = (text: string) => Number.parseFloat(bare(text)) / 100

const QUALITY_WINDOW_MS = 300_000
/** Where nothing is said, it ends below this part of where it begins. */
const CLEAR_SHARE = 0.8

const boundsOf = (entry: { loss?: string; rtt_p95?: string; jitter?: string }): QualityBounds => ({
  ...(entry.loss && { loss: boundShare(entry.loss) }),
  ...(entry.rtt_p95 && { rttP95Ms: boundMs(entry.rtt_p95) }),
  ...(entry.jitter && { jitterMs: boundMs(entry.jitter) }),
})

/** When an answer counts as degraded, from the words of the file. */
export const degradedOf = (entry: MonitorEntry['degraded']): DegradedThresholds | undefined => {
  if (!entry) return undefined
  const begin = boundsOf(entry)
  const defaults = Object.entries(begin).map(([name, bound]) => [name, bound * CLEAR_SHARE])
  const clear: QualityBounds = { ...Object.fromEntries(defaults), ...boundsOf(entry.clear ?? {}) }
  const overMs = entry.over ? durationMs(entry.over) : QUALITY_WINDOW_MS
  return {
    ...(entry.latency && { latencyMs: boundMs(entry.latency) }),
    ...(defaults.length > 0 && { window: { overMs, begin, clear } }),
  }
}

/** What is wrong with the bounds: an end above the beginning would begin and end at once. */
export const qualityProblem = (degraded: DegradedThresholds | undefined): Cause | undefined => {
  const { begin, clear } = degraded?.window ?? { begin: {}, clear: {} }
  const name = (Object.keys(clear) as (keyof QualityBounds)[]).find((one) => clear[one]! > (begin[one] ?? 0))
  if (name === undefined) return undefined
  const key = { loss: 'loss', rttP95Ms: 'rtt_p95', jitterMs: 'jitter' }[name]
  return because(begin[name] === undefined ? 'config_clear_without_bound' : 'config_clear_above_bound', { field: key })
}
