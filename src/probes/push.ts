import { because } from '#core/cause/cause.ts'
import type { Span } from '#core/monitor/uptime.ts'
import { defineProbe, type Judgement, type Signal } from '#core/probe.ts'
import { says } from '#core/said.ts'
import { type Static, Type } from '#lib/schema.ts'
import { durationMs, durationText, parseDuration } from '#lib/time/duration.ts'
import { durationField } from './fields.ts'

const options = Type.Object(
  {
    period: durationField({
      title: 'Period',
      description: 'How often the URL is called',
      'x-es': { title: 'Período', description: 'Cada cuánto se llama a la URL' },
    }),
    grace: Type.Optional(
      durationField({
        title: 'Grace',
        description: 'How much later a call may come, default 1m',
        'x-es': { title: 'Tolerancia', description: 'Cuánto más tarde puede llegar una llamada, 1m si no se indica' },
      }),
    ),
  },
  { additionalProperties: false },
)
type PushOptions = Static<typeof options>

const DEFAULT_GRACE_MS = 60_000

const graceOf = ({ grace }: PushOptions): number => (grace === undefined ? DEFAULT_GRACE_MS : durationMs(grace))
const patienceOf = (push: PushOptions): number => durationMs(push.period) + graceOf(push)

/**
 * Since when a caller's silence counts, ms, given the times in which this server did not listen, oldest first: they are
 * not held against the caller. Where a call may have come in one of them, patience begins anew behind it; else the
 * silence only loses that time, so that a job that runs seldom is still found overdue by a server that is restarted
 * often. What was overdue before stays so. Pure.
 */
export const silentSince = (from: number, absences: readonly Span[], push: PushOptions): number => {
  const period = durationMs(push.period)
  return absences.reduce((since, absence) => {
    const begin = Math.max(absence.from, since)
    if (absence.to <= begin || begin >= since + patienceOf(push)) return since
    const mayHaveCome = absence.to >= since + period - graceOf(push)
    return mayHaveCome ? absence.to : since + absence.to - begin
  }, from)
}

/**
 * What the calls so far say at `now` (ms): down when the last one reported a failure, or when none has come for period
 * plus grace, counted from the last one or from `since`, whichever is later. Nothing is known while only the time in
 * which nobody listened keeps a caller from being overdue.
 */
export const judgePush = (last: Signal | null, since: number, now: number, push: PushOptions): Judgement => {
  const { period } = push
  const patience = patienceOf(push)
  const from = Math.max(last?.at ?? since, since)
  const deadline = from + patience
  if (now >= deadline) {
    const duration = durationText(Math.round((now - from) / 1000) * 1000)
    const cause = because(last ? 'push_missing' : 'push_never', { duration, period })
    return { outcome: { ok: false, error: { code: 'push_missing', cause } }, nextAt: now + parseDuration(period)! }
  }
  if (!last) return { nextAt: deadline }
  if (!last.ok) {
    const { message: words } = last
    const cause = words ? because('push_failed_saying', { words }) : because('push_failed')
    return { outcome: { ok: false, error: { code: 'push_reported_down', cause } }, nextAt: deadline }
  }
  if (now >= last.at + patience) {
    const cause = because('push_unheard', { period })
    return { outcome: { ok: false, error: { code: 'not_running', cause } }, nextAt: deadline }
  }
  const measured = last.latencyMs === undefined ? {} : { latencyMs: last.latencyMs }
  // Where it is overdue by its own time before it is by ours, nothing is known from then on.
  return { outcome: { ok: true, ...measured }, nextAt: last.at + patience }
}

export const push = defineProbe({
  name: 'push',
  title: 'Push (sign of life)',
  'x-es': { title: 'Push (señal de vida)' },
  defaultTimeoutMs: 1000,
  options,
  describe: ({ period }) => `called every ${period}`,
  check: ({ period }) =>
    parseDuration(period)! < 1000 ? says('period: at least 1s', 'period: al menos 1s') : undefined,
  judge: judgePush,
  silentSince,
})
