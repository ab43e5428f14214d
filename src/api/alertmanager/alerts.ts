import type { FastifyInstance } from 'fastify'
import { PROMETHEUS_EVENT, prometheusEvent } from '#core/event/prometheus-alert.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { type MatchFacts, matches } from '#core/rule/matcher.ts'
import { own } from '#lib/own.ts'
import { createBreath } from '#lib/run/breath.ts'
import { linearRegex } from '#lib/text/regex.ts'
import { iso } from '#lib/time/iso.ts'
import type { Silence } from '#storage/silences.ts'
import { inEnglish } from '#templates/said.ts'
import type { Services } from '../services.ts'
import type { AlertBook, FiringAlert } from './alert-book.ts'
import { refuseAs } from './answers.ts'
import { readFilters } from './filters.ts'
import { readAlerts } from './read-alerts.ts'
import { silenceUuid } from './silence-form.ts'

const LARGEST_BODY = 10 * 1024 * 1024
/** The event loop waits for a batch no longer than this at a time. */
const STRETCH_MS = 5

const factsOf = (alert: FiringAlert, now: number): MatchFacts => {
  const { subject, severity } = prometheusEvent(alert, 'firing', now)
  return { subject, severity, type: PROMETHEUS_EVENT, rule: null, monitor: null, labels: alert.labels }
}

/** Who can be told: channels that are switched on. */
export const receiversOf = (channels: readonly Channel[]): readonly { readonly name: string }[] =>
  channels.filter(({ enabled }) => enabled).map(({ name }) => ({ name }))

/** An alert as Alertmanager shows it. */
const alertView = (
  alert: FiringAlert,
  silencedBy: readonly number[],
  receivers: readonly { readonly name: string }[],
) => ({
  labels: alert.labels,
  annotations: alert.annotations,
  startsAt: iso(alert.startsAt),
  endsAt: iso(alert.endsAt),
  updatedAt: iso(alert.updatedAt),
  fingerprint: alert.fingerprint,
  ...(alert.generatorUrl && { generatorURL: alert.generatorUrl }),
  receivers,
  status: {
    state: silencedBy.length > 0 ? 'suppressed' : 'active',
    silencedBy: silencedBy.map(silenceUuid),
    inhibitedBy: [],
    mutedBy: [],
  },
})

const wants = (value: unknown): boolean => value !== 'false' && value !== '0'

/** What Prometheus sends, and what of it fires. */
export const addAlerts = (app: FastifyInstance, { storage, now, channels }: Services, book: AlertBook): void => {
  app.post('/alerts', { bodyLimit: LARGEST_BODY }, async ({ body }, reply) => {
    const batch = await readAlerts(body, now(), createBreath(STRETCH_MS))
    if ('status' in batch) return refuseAs(reply, batch)
    if (batch.alerts.length > 0 && !(await book.put(batch.alerts)))
      return refuseAs(reply, { status: 503, message: 'too many alerts fire at once; nothing of this batch was taken' })
    // What is sound counts although the rest is refused, as there.
    if (batch.problems.length > 0) return refuseAs(reply, { status: 400, message: batch.problems.join('; ') })
    return reply.status(200).send()
  })

  app.get('/alerts', async (request, reply) => {
    const query = request.query as Record<string, unknown>
    const filters = readFilters(query.filter)
    if (typeof filters === 'string') return refuseAs(reply, { status: 400, message: filters })
    const receivers = receiversOf(channels())
    if (typeof query.receiver === 'string' && query.receiver !== '') {
      const pattern = linearRegex(`^(?:${query.receiver})$`)
      if (!pattern.ok) {
        const why = inEnglish(pattern.problem)
        return refuseAs(reply, { status: 400, message: `failed to parse receiver param: ${why}` })
      }
      if (!receivers.some(({ name }) => pattern.value.test(name))) return []
    }
    const at = now()
    const silences: readonly Silence[] = (await storage.silences.current(at)).filter(({ startsAt }) => startsAt <= at)
    const views = (await book.firing()).flatMap((alert) => {
      if (!filters.every(({ name, holds }) => holds(own(alert.labels, name) ?? ''))) return []
      const facts = silences.length === 0 ? undefined : factsOf(alert, at)
      const by = facts ? silences.filter(({ matchers }) => matches(matchers, facts)).map(({ id }) => id) : []
      return wants(by.length > 0 ? query.silenced : query.active) ? [alertView(alert, by, receivers)] : []
    })
    return views
  })
}
