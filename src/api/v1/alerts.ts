import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Alert, isAcknowledged } from '#core/alert/alert.ts'
import { causeOf, shownData } from '#core/alert/alert-facts.ts'
import type { Attended } from '#core/alert/attention.ts'
import type { CauseFields } from '#core/cause/cause-fields.ts'
import { cutsOff } from '#core/monitor/cut-off.ts'
import { unwatchedWithin } from '#core/monitor/unwatched.ts'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import type { Affected } from '#pipeline/decide/network.ts'
import type { MaintenanceWindow } from '#storage/maintenance.ts'
import type { Silence } from '#storage/silences.ts'
import { eventSaid } from '#templates/said.ts'
import { actorOf } from '../access/actor.ts'
import { byOf } from '../access/by.ts'
import { notFound, problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { alertGroups } from './alert-groups.ts'
import { countOpen, createAlertList, type ListQuery, listAlerts } from './alert-list.ts'
import { acknowledgementView, maintenanceView, silenceView } from './attention-view.ts'
import { attemptView, decisionView } from './explain-view.ts'
import { idParams } from './lists.ts'
import { notificationView } from './notifications.ts'
import { readSearch } from './search-query.ts'

/** What one page of an alert holds at most. */
const MOST_ATTEMPTS = 1000
const MOST_DECISIONS = 500

const acknowledgement = Type.Object(
  {
    note: Type.Optional(Type.String({ maxLength: 2000, default: '' })),
    until: Type.Optional(Type.String({ description: 'ISO 8601; absent: until it ends' })),
  },
  { additionalProperties: false },
)

/** What is known of an alert besides what is stored of it. */
interface Standing {
  readonly canResolve?: boolean
  readonly silence?: Silence | undefined
  readonly maintenance?: MaintenanceWindow | undefined
  /** Monitors that cut its monitor off. */
  readonly cutOffBy?: readonly number[] | undefined
  /** How many monitors its own cuts off. */
  readonly cutsOff?: number | undefined
  readonly affected?: Affected | undefined
}

/** Why it is so: what it says itself, else of an event what its own fields come to. */
export const whyOf = (alert: Alert): CauseFields => {
  const known = causeOf(alert)
  if (known.cause !== null || alert.monitorId !== null) return known
  return eventSaid({ ...shownData(alert), type: alert.facts.event_type ?? '' })
}

/** `acknowledged` is an open alert of which somebody takes care; its acknowledgement may have an end. */
export const alertView = (
  alert: Alert,
  now: number,
  { canResolve, silence, maintenance, cutOffBy, cutsOff, affected }: Standing = {},
) => {
  const acknowledged = isAcknowledged(alert, now)
  return {
    id: alert.id,
    status:
      alert.status === 'resolved'
        ? ('resolved' as const)
        : acknowledged
          ? ('acknowledged' as const)
          : ('open' as const),
    subject: alert.subject,
    severity: alert.severity,
    rule: alert.ruleId,
    monitor: alert.monitorId,
    count: alert.count,
    since: iso(alert.since),
    opened_at: iso(alert.openedAt),
    updated_at: iso(alert.updatedAt),
    resolved_at: iso(alert.resolvedAt),
    resolved_by: alert.resolvedBy,
    closed_by: alert.resolvedBy === 'hand' ? (alert.facts.closed_by ?? null) : null,
    /** For how long nobody looked at its monitor since it began: it was paused, or taken out. */
    unwatched_ms: alert.monitorId === null ? 0 : unwatchedWithin(alert.facts, alert.since, alert.resolvedAt ?? now),
    resolves_at: iso(alert.resolveAt),
    next_notice_at: iso(alert.nextDueAt),
    reminders: alert.reminders,
    acknowledgement: acknowledgementView(alert),
    /** When somebody first opened it on a page, or did something about it. */
    first_look_at: iso(alert.firstLookAt),
    /** Of an alert about a monitor: once it is up again, the alert ends by itself. */
    can_resolve: canResolve ?? false,
    /** What mutes it now. */
    silence: silenceView(silence),
    maintenance: maintenanceView(maintenance),
    /** Monitors that failed by themselves, for which its own is down. */
    cut_off_by: cutOffBy ?? [],
    /** How many monitors its own cuts off. */
    cuts_off: cutsOff ?? 0,
    /** What stands behind its monitor: `silent` do not answer, and `answering` do, since its own latest change. */
    affected: affected ?? null,
    last_event: alert.lastEventId,
    ...whyOf(alert),
    data: shownData(alert),
  }
}

export const addAlertRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now } = services
  const { alerts } = services.operations
  const factsOf = (alert: Alert): Standing => {
    const open = alert.status === 'firing'
    const { monitorId } = alert
    const ofMonitor = open && monitorId !== null
    return {
      canResolve: services.canResolve(alert),
      silence: services.silenceOf(alert),
      maintenance: services.maintenanceOf(alert),
      cutOffBy: ofMonitor ? services.cutOff().get(monitorId) : undefined,
      cutsOff: ofMonitor ? cutsOff(monitorId, services.cutOff()) : undefined,
      affected: ofMonitor ? services.affected(monitorId) : undefined,
    }
  }
  const list = createAlertList(services)

  app.get<{ Querystring: ListQuery }>(
    '/alerts',
    {
      schema: {
        summary: 'Alerts, newest first; what is sorted, or chosen by what is cut off, is open',
        querystring: listAlerts,
      },
    },
    async ({ query }, reply) => {
      const { problem: wrong, ...search } = readSearch(query, services)
      if (wrong) return problem(reply, 400, 'invalid_input', wrong.message, [wrong])
      const { items, next } = await list(query, search)
      return { items: items.map((alert) => alertView(alert, now(), factsOf(alert))), next_cursor: next }
    },
  )

  app.get(
    '/alerts/groups',
    { schema: { summary: 'Open alerts that may have one cause: the same parent, last hop, or label' } },
    async () => ({ items: await alertGroups(services) }),
  )

  app.get('/alerts/counts', { schema: { summary: 'Open alerts counted, by whether somebody must look' } }, () =>
    countOpen(services),
  )

  app.get<{ Params: { id: number } }>(
    '/alerts/:id',
    { schema: { summary: 'One alert with all that was decided and sent', params: idParams } },
    async (request, reply) => {
      const { id } = request.params
      const alert = await storage.alerts.byId(id)
      if (!alert) return notFound(reply, 'alert')
      // Whoever opens it waits for no store, and need not know that this one takes nothing at present.
      if (actorOf(request).kind === 'user') void alerts.look(byOf(request), alert).catch(() => {})
      const notifications = await storage.notifications.ofAlert(id)
      const attempts = await storage.notifications.attemptsOfAlert(id, MOST_ATTEMPTS)
      const decisions = await storage.decisions.ofAlert(id, MOST_DECISIONS)
      return {
        ...alertView(alert, now(), factsOf(alert)),
        notifications: notifications.map((notification) => ({
          ...notificationView(notification),
          attempts_made: (attempts.get(notification.id) ?? []).map(attemptView),
        })),
        decisions: decisions.map((decision) => ({ event: decision.eventId, ...decisionView(decision) })),
      }
    },
  )

  const attended = (reply: FastifyReply, { alert }: Attended) =>
    alert?.status === 'firing' ? alertView(alert, now(), factsOf(alert)) : notFound(reply, 'open alert')

  app.post<{ Params: { id: number }; Body: Static<typeof acknowledgement> }>(
    '/alerts/:id/acknowledge',
    {
      schema: {
        summary: 'Somebody takes care: no reminders until it ends or the time is over',
        params: idParams,
        body: acknowledgement,
      },
    },
    async (request, reply) => {
      const { note = '', until } = request.body
      const end = until === undefined ? null : Date.parse(until)
      if (end !== null && !(end > now()))
        return problem(reply, 400, 'invalid_input', 'until must be a time in the future', [
          { path: 'until', message: 'must be a time in the future', fault: { code: 'bad_end', facts: {} } },
        ])
      return attended(reply, await alerts.acknowledge(byOf(request), request.params.id, { note, until: end }))
    },
  )

  app.delete<{ Params: { id: number } }>(
    '/alerts/:id/acknowledge',
    { schema: { summary: 'Take an acknowledgement back', params: idParams } },
    async (request, reply) => attended(reply, await alerts.takeBack(byOf(request), request.params.id)),
  )

  app.post<{ Params: { id: number } }>(
    '/alerts/:id/resolve',
    { schema: { summary: 'End an alert by hand', params: idParams } },
    async (request, reply) => {
      const ended = await alerts.end(byOf(request), request.params.id)
      return ended.ok ? alertView(ended.value, now()) : refuse(reply, ended.problem)
    },
  )
}
