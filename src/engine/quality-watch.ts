import { createQuality, type Quality, type QualityVerdict } from '#core/quality.ts'
import { QUALITY_CODES, qualityCause, qualityFacts } from '#core/quality-facts.ts'
import type { ErrorCode, ResultMetrics } from '#core/result.ts'
import type { StateChange, StatePolicy } from '#core/state.ts'
import type { Transition } from '#core/transition.ts'

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

/** What a change to or from degraded tells of the window, with its code and cause where the window brought it about. */
export const qualityOfChange = (
  quality: Quality | undefined,
  { from, to }: StateChange,
  poor: boolean,
): Partial<Pick<Transition, 'code' | 'cause' | 'facts'>> => {
  if (!quality || (to !== 'degraded' && !(from === 'degraded' && to === 'up'))) return {}
  const figures = quality.figures()
  if (figures.sent === 0) return {}
  const facts = qualityFacts(figures)
  if (to === 'up' || !poor) return { facts }
  const code = QUALITY_CODES[quality.measure()]
  return { facts, code, cause: qualityCause(code, facts) }
}
