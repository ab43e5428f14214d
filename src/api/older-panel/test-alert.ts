import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Explanation, NotificationExplanation } from '#core/alert/explanation.ts'
import { codeFields } from '#core/cause/cause-fields.ts'
import type { NewEvent } from '#core/event/event.ts'
import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import { type Static, Type } from '#lib/schema.ts'
import { troubleInSpanish } from '#templates/delivery-outcome-view.ts'
import { inSpanish } from '#templates/said.ts'
import { actorName } from '../access/actor.ts'
import { byOf } from '../access/by.ts'
import type { Services } from '../services.ts'
import { olderTime } from './answers.ts'

const PATIENCE_MS = 10_000
const STANDARD_REASON = 'Alerta de prueba manual desde el panel de control'
const SUBJECT = '127.0.0.1'

const body = Type.Unsafe<{ message?: string | null; severity?: Severity } | null>({
  type: ['object', 'null'],
  properties: {
    message: { type: ['string', 'null'], maxLength: 10_000 },
    severity: { enum: [...SEVERITIES] },
  },
})

const testEvent = (form: Static<typeof body> | undefined, user: string, now: number): NewEvent => ({
  type: 'manual_test',
  source: 'api',
  severity: form?.severity ?? 'MEDIUM',
  subject: SUBJECT,
  at: now,
  receivedAt: now,
  monitorId: null,
  data: { ip: SUBJECT, reason: form?.message || STANDARD_REASON, timestamp: olderTime(now), user },
})

const untried = ({ attempts, status }: NotificationExplanation): boolean =>
  attempts.length === 0 && status === 'pending'

/** Waits for the first attempt of everything that an event led to, `PATIENCE_MS` at most, and tells what became of it. */
const outcomeOf = async (services: Services, event: NewEvent): Promise<Explanation> => {
  let look = () => {}
  const stopListening = services.listen((kind) => {
    if (kind === 'notification') look()
  })
  let patience = true
  const timer = services.timers.after(PATIENCE_MS, () => {
    patience = false
    look()
  })
  try {
    const [id] = await services.ingest([event])
    for (;;) {
      // Asked for before the look, so that what happens during it is not missed.
      const moved = new Promise<void>((resolve) => {
        look = resolve
      })
      const explanation = (await services.explain(id!))!
      if (!patience || !explanation.notifications.some(untried)) return explanation
      await moved
    }
  } finally {
    services.timers.clear(timer)
    stopListening()
  }
}

/** What went wrong with one notification; undefined when it was delivered. */
const errorOf = ({ attempts, status, channel }: NotificationExplanation) => {
  const last = attempts.at(-1)
  if (last?.ok) return undefined
  if (last?.cause) return { channel, error: inSpanish(last.cause), ...codeFields(last.cause) }
  const waits = status === 'held' ? 'retenida por el límite del canal' : 'sin respuesta todavía; se seguirá intentando'
  return { channel, error: last?.error ?? waits }
}

/** Why nothing at all was to be sent, and what would change that. */
const whyNothing = ({ summary, rules }: Explanation): string => {
  const reasons = rules.map(({ rule, cause }) => `${rule?.name}: ${inSpanish(cause)}.`)
  const cure = 'La recibe una regla habilitada de tipo custom o manual_test con un canal habilitado.'
  return [inSpanish(summary), ...reasons, cure].join(' ')
}

/** What the enabled channels answered to a test that no rule hears of. */
const toAllChannels = async (services: Services, request: FastifyRequest, event: NewEvent) => {
  const sent = await services.operations.tests.send(byOf(request), { event })
  const channels = sent.ok ? sent.value.channels : []
  const errors = channels.flatMap(({ channel, outcome }) => {
    if (outcome.ok) return []
    return [{ channel: channel.name, error: troubleInSpanish(outcome), ...codeFields(outcome.cause) }]
  })
  return { sent: channels.length - errors.length, errors }
}

export const addTestAlert = (app: FastifyInstance, services: Services): void => {
  app.post<{ Body: Static<typeof body> | undefined }>('/test-alert', { schema: { body } }, async (request) => {
    const event = testEvent(request.body, actorName(request), services.now())
    const explanation = await outcomeOf(services, event)
    const { notifications, rules } = explanation
    // No rule fits: it goes to the channels all the same, as a test that opens no alert.
    if (rules.every(({ decisions }) => decisions.length === 0)) {
      const { sent, errors } = await toAllChannels(services, request, event)
      const note = `${whyNothing(explanation)} Se probaron los canales habilitados.`
      const result = { alerts_sent: sent, errors, note }
      if (sent > 0) return { success: true, message: 'Alerta de prueba enviada', result }
      if (errors.length > 0) {
        const reasons = errors.map(({ error }) => error).join('; ')
        return { success: false, error: `No se envió ninguna alerta de prueba. ${reasons}`, result }
      }
    }
    const failed = notifications.map(errorOf).filter((error) => error !== undefined)
    const errors = notifications.length === 0 ? [{ error: whyNothing(explanation) }] : failed
    const result = { alerts_sent: notifications.length - failed.length, errors }
    if (result.alerts_sent > 0) return { success: true, message: 'Alerta de prueba enviada', result }
    const reasons = errors.map(({ error }) => error).join('; ')
    return { success: false, error: `No se envió ninguna alerta de prueba. ${reasons}`, result }
  })
}
