import { defineProbe, type Judgement, type Signal } from '#core/probe.ts'
import { durationText, parseDuration } from '#lib/duration.ts'
import { type Static, Type } from '#lib/schema.ts'
import { durationField } from './fields.ts'

const options = Type.Object(
  {
    period: durationField('Period', 'How often the URL is called'),
    grace: Type.Optional(durationField('Grace', 'How much later a call may come, default 1m')),
  },
  { additionalProperties: false },
)

const DEFAULT_GRACE_MS = 60_000

/**
 * What the calls so far say at `now` (ms): down when the last one reported a failure, or when none has come for period
 * plus grace, counted from `since` where there was none at all.
 */
export const judgePush = (
  last: Signal | null,
  since: number,
  now: number,
  { period, grace }: Static<typeof options>,
): Judgement => {
  const patience = parseDuration(period)! + (grace === undefined ? DEFAULT_GRACE_MS : parseDuration(grace)!)
  const from = last?.at ?? since
  const deadline = from + patience
  if (now >= deadline) {
    const message = `${last ? 'no call' : 'never called'} for ${durationText(Math.round((now - from) / 1000) * 1000)}, expected every ${period}`
    return { outcome: { ok: false, error: { code: 'push_missing', message } }, nextAt: now + parseDuration(period)! }
  }
  if (!last) return { nextAt: deadline }
  if (last.ok) {
    const measured = last.latencyMs === undefined ? {} : { latencyMs: last.latencyMs }
    return { outcome: { ok: true, ...measured }, nextAt: deadline }
  }
  const message = last.message ? `the caller reports a failure: ${last.message}` : 'the caller reports a failure'
  return { outcome: { ok: false, error: { code: 'push_reported_down', message } }, nextAt: deadline }
}

export const push = defineProbe({
  name: 'push',
  title: 'Push (sign of life)',
  defaultTimeoutMs: 1000,
  options,
  describe: ({ period }) => `called every ${period}`,
  check: ({ period }) => (parseDuration(period)! < 1000 ? 'period: at least 1s' : undefined),
  judge: judgePush,
})
