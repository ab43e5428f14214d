import { because, type Cause } from '../cause/cause.ts'
import type { ErrorCode } from '../result/result.ts'
import type { QualityFigures } from './quality.ts'
import type { Measure } from './quality-reading.ts'

/**
 * What a window came to, under the names by which events, rules and templates know it. Loss 0 to 1, times in ms; what was
 * not measured is left out.
 */
export interface QualityFacts {
  readonly loss: number
  readonly rtt_p95?: number
  readonly jitter?: number
  readonly packets_sent: number
  readonly packets_lost: number
  readonly over_ms: number
}

const rounded = (value: number, places: number): number => Number(value.toFixed(places))

/** Quality as events and messages carry it: loss as a share of 1, times in ms; what was not measured is left out. */
export const qualityFacts = ({ overMs, sent, lost, loss, rttP95Ms, jitterMs }: QualityFigures): QualityFacts => ({
  loss: rounded(loss, 4),
  ...(!Number.isNaN(rttP95Ms) && { rtt_p95: rounded(rttP95Ms, 1) }),
  ...(!Number.isNaN(jitterMs) && { jitter: rounded(jitterMs, 1) }),
  packets_sent: sent,
  packets_lost: lost,
  over_ms: overMs,
})

export const QUALITY_CODES = {
  loss: 'packet_loss',
  rttP95Ms: 'slow',
  jitterMs: 'jitter',
} as const satisfies Record<Measure, ErrorCode>
export type QualityCode = (typeof QUALITY_CODES)[Measure]

const codes: ReadonlySet<string> = new Set(Object.values(QUALITY_CODES))

/** The facts of a window among an event's own, with the measure that they are about; undefined when there are none. */
export const qualityAmong = (
  facts: Partial<QualityFacts> & { readonly code?: string },
): (QualityFacts & { readonly code: QualityCode }) | undefined => {
  const { code, loss, rtt_p95, jitter, packets_sent, packets_lost, over_ms } = facts
  if (typeof code !== 'string' || !codes.has(code) || typeof over_ms !== 'number') return undefined
  const measured = { loss, packets_sent, packets_lost, over_ms } as QualityFacts
  return {
    code: code as QualityCode,
    ...measured,
    ...(typeof rtt_p95 === 'number' && { rtt_p95 }),
    ...(typeof jitter === 'number' && { jitter }),
  }
}

const SPAN_UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const

/** A window's length, alike in both languages: 5 min, 90 s, 1 h. */
export const windowText = (overMs: number): string => {
  const [unit, size] = SPAN_UNITS.find(([, one]) => overMs % one === 0 && overMs >= one) ?? (['ms', 1] as const)
  return `${overMs / size} ${unit}`
}

/** A share in percent with as many places as tell something: 12, 4.3, 0.4. */
export const percentOf = (share: number): number => rounded(share * 100, share < 0.1 ? 1 : 0)

/** A cause with the figures that decided. */
export const qualityCause = (code: QualityCode, facts: QualityFacts): Cause => {
  const { loss, rtt_p95, jitter, packets_sent: sent, packets_lost: lost, over_ms } = facts
  const over = windowText(over_ms)
  if (code === 'packet_loss') return because('packet_loss', { loss: percentOf(loss), over, lost, sent })
  const answers = sent - lost
  // As they stand in a sentence, whatever was measured.
  if (code === 'slow') return because('slow_answers', { ms: String(rtt_p95), over, answers })
  return because('jitter', { ms: String(jitter), over, answers })
}
