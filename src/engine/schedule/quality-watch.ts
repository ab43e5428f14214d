import { because } from '#core/cause/cause.ts'
import { createQuality, type Quality, type QualityVerdict } from '#core/monitor/quality.ts'
import { QUALITY_CODES, qualityCause, qualityFacts } from '#core/monitor/quality-facts.ts'
import { type MonitorState, noteQuality, type StatePolicy } from '#core/monitor/state.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { ErrorCode, ResultMetrics } from '#core/result/result.ts'

/** What a look that counts no packets may find when its one question or answer was lost on the way. */
const LOST: ReadonlySet<ErrorCode> = new Set(['timeout', 'unreachable', 'time_exceeded', 'no_route'])

const one = new Float64Array(1)

/** Judges a monitor's quality where it asks for that. `bad`: it was poor when it was last judged. */
export const qualityOf = ({ degraded, intervalMs, retryIntervalMs }: StatePolicy, bad: boolean): Quality | undefined =>
  degraded?.window && createQuality(degraded.window, { retryMs: Math.min(retryIntervalMs, intervalMs), bad })

/**
 * Feeds one result: the packets of a round, or of a type that counts none, its one answer. What this machine itself
 * lost, and an answer that says no, tell nothing about the way.
 */
export const observeQuality = (
  quality: Quality,
  at: number,
  code: ErrorCode,
  latencyMs: number,
  metrics: ResultMetrics | undefined,
): QualityVerdict => {
  if (metrics?.rtts) return quality.observe(at, metrics.rtts, metrics.sent ?? metrics.rtts.length)
  if (metrics && metrics.loss === undefined) return 'unchanged'
  const answered = code === 'ok' && !Number.isNaN(latencyMs)
  if (!answered && !LOST.has(code)) return 'unchanged'
  one[0] = answered ? latencyMs : Number.NaN
  return quality.observe(at, one, 1)
}

/** The state with what one more result makes of its quality. */
export const judgedState = (
  state: MonitorState,
  quality: Quality,
  at: number,
  code: ErrorCode,
  latencyMs: number,
  metrics: ResultMetrics | undefined,
): MonitorState => {
  const verdict = observeQuality(quality, at, code, latencyMs, metrics)
  return verdict === 'unchanged' ? state : noteQuality(state, verdict === 'bad', quality.since() ?? at)
}

/** A change to or from degraded with the figures of the window, and with the code and the cause that brought it about. */
export const withQuality = (
  change: Transition,
  quality: Quality | undefined,
  { poorSince }: MonitorState,
  { degraded }: StatePolicy,
): Transition => {
  const begins = change.to === 'degraded'
  if (!begins && !(change.from === 'degraded' && change.to === 'up')) return change
  const figures = quality?.figures()
  const measured = figures && figures.sent > 0 ? qualityFacts(figures) : undefined
  const facts = { ...change.facts, ...measured }
  if (!begins) return { ...change, facts }
  if (quality && measured && poorSince !== null) {
    const code = QUALITY_CODES[quality.measure()]
    return { ...change, code, cause: qualityCause(code, measured), facts }
  }
  const { latencyMs } = change.facts
  const limit = degraded?.latencyMs
  if (limit === undefined || latencyMs === undefined) return { ...change, facts }
  return { ...change, code: 'slow', cause: because('slow_answer', { ms: Math.round(latencyMs), limit }), facts }
}
