import { randomUUID } from 'node:crypto'
import { type AttendedAlert, ackFacts } from '#core/alert/alert.ts'
import type { NewEvent } from '#core/event/event.ts'
import { eventFields } from '#core/event/event.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { AffectedFacts, Message, Rendered } from '#core/message/message.ts'
import { noticePath } from '#core/message/notice.ts'
import type { Notification } from '#core/message/notification.ts'
import { messageOf, type NotificationFacts } from '#core/message/notification-facts.ts'
import type { RuleTemplates } from '#core/rule/rule-spec.ts'
import type { ServerPlace } from '#core/server-place.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Storage } from '#storage/index.ts'
import { isTemplated, templateContext, withTemplates } from '#templates/custom.ts'
import type { TemplateFence, TemplateProblem } from '#templates/jinja/fence.ts'
import { LACKING } from '#templates/jinja/parts.ts'
import { renderMessage } from '#templates/render.ts'
import { withTextSet } from '#templates/text-sets/index.ts'
import { digestItems, type LatestAffected } from './digest.ts'
import { meanwhileOf } from './meanwhile.ts'

export interface WriteDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly place: () => ServerPlace
  /** Signs what lets people acknowledge an alert from its message; absent: messages offer nothing of the kind. */
  readonly ackToken?: (alertId: number) => string
  /** What stands behind a monitor, by its name, as it is known now; absent: as it was when a message was decided. */
  readonly affected?: (monitor: string) => AffectedFacts | undefined
  readonly fence: Pick<TemplateFence, 'render'>
  /** Templates of a written rule, as they are now. */
  readonly templatesOf: (ruleId: number) => RuleTemplates | undefined
  /** Hears of a template that could not be rendered; our own words were sent instead. */
  readonly onProblem: (ruleId: number, problem: TemplateProblem['problem']) => void
}

/** Where the page shows what a message is about: what is about several alerts, all that are open. */
const pathOf = ({ alertId, payload }: Notification): string => {
  if (payload.notice) return noticePath(payload.notice)
  return alertId === null ? 'alerts/active' : `alerts/${alertId}`
}

/** Writes a notification's text at the moment of sending, in the channel's language and time zone. */
export const createRenderer = (deps: WriteDeps) => {
  const { storage, clock, fence, templatesOf, onProblem } = deps

  /** Who answers is measured while a message waits: what is known when it leaves is told. */
  const latest: LatestAffected = (facts) => {
    const affected = facts.affected && facts.monitor !== null && deps.affected?.(facts.monitor)
    return affected ? { ...facts, affected } : facts
  }

  const custom = async (rendered: Rendered, message: Message, ruleId: number, zone: string): Promise<Rendered> => {
    const templates = templatesOf(ruleId)
    if (!templates || Object.keys(templates).length === 0 || !isTemplated(message.reason)) return rendered
    const parts = await fence.render(templates, templateContext(message, ruleId, zone))
    if (!('problem' in parts)) return withTemplates(rendered, parts)
    // An alert with our words is worth more than a template's error.
    onProblem(ruleId, parts.problem)
    return rendered
  }

  /** `known`: how its alert stands, where that was read a moment ago. */
  return async (notification: Notification, channel: Channel, known?: AttendedAlert): Promise<Rendered> => {
    const { language, timeZone, region, url } = deps.place()
    const place = {
      language: channel.language ?? language,
      timeZone: channel.timeZone ?? timeZone,
      region,
      now: clock.now(),
    }
    const base = url?.replace(/\/$/, '')
    const items = notification.reason === 'digest' ? await digestItems(notification, storage, latest) : undefined
    const { alertId } = notification
    const alert = known ?? (alertId === null ? undefined : await storage.alerts.attended(alertId))
    const meanwhile = alert && (await meanwhileOf(notification, alert, place.now, storage))
    const isOpen = alert?.status === 'firing' && notification.reason !== 'resolved'
    const facts = isOpen ? latest(notification.payload) : notification.payload
    const { ackToken } = deps
    const token = alert?.status === 'firing' && ackToken ? () => ackToken(alert.id) : undefined
    const message = messageOf(items ? { ...facts, items } : facts, {
      id: notification.uid,
      reason: notification.reason,
      alertId,
      url: base === undefined ? null : `${base}/${pathOf(notification)}`,
      delayedMs: place.now - notification.createdAt,
      meanwhile,
      ack: alert && ackFacts(alert, place.now),
      ackUrl: token === undefined || base === undefined ? undefined : `${base}/ack/${token()}`,
    })
    const rendered = withTextSet(renderMessage(message, { ...place, ackToken: token }), channel.texts, place)
    return facts.ruleId === undefined ? rendered : custom(rendered, message, facts.ruleId, place.timeZone)
  }
}

const NO_FACTS = {
  monitor: null,
  target: null,
  state: null,
  previousState: null,
  cause: null,
  labels: {},
  rule: null,
} as const

/** A message that says of itself that it is a test; `facts`: of what. */
export const testMessage = (now: number, facts?: NotificationFacts): Message =>
  messageOf(facts ?? { ...NO_FACTS, severity: 'LOW', subject: 'Vigía', since: now }, {
    id: randomUUID(),
    reason: 'test',
    alertId: null,
    url: null,
    delayedMs: 0,
  })

/** What a message about an event that nobody decided on is made of. */
const previewOf = (event: NewEvent): Message => {
  const facts = { ...NO_FACTS, severity: event.severity, subject: event.subject, since: event.at }
  return messageOf(
    { ...facts, event: { type: event.type, data: eventFields(event) } },
    { id: randomUUID(), reason: 'first', alertId: null, url: null, delayedMs: 0 },
  )
}

/** What templates see of an example: only what every message about such an event has. `fields`: those it may have. */
export const exampleContext = (event: NewEvent, fields: readonly string[], timeZone: string): JsonObject => {
  const { event: _, rule: __, alert: ___, ...context } = templateContext(previewOf(event), null, timeZone)
  return { ...context, [LACKING]: fields.filter((name) => !Object.hasOwn(context, name)) }
}

/** The same of an event that came, with all that it had. */
export const eventContext = (event: NewEvent, timeZone: string): JsonObject =>
  templateContext(previewOf(event), null, timeZone)

/** What would be sent for an event: the templates' text, and ours for the parts that have none. */
export const previewMessage = async (
  templates: RuleTemplates,
  event: NewEvent,
  { fence, language, timeZone, now }: Pick<WriteDeps, 'fence'> & ServerPlace & { readonly now: number },
): Promise<Rendered | TemplateProblem> => {
  const message = previewOf(event)
  const parts = await fence.render(templates, templateContext(message, null, timeZone))
  if ('problem' in parts) return parts
  return withTemplates(renderMessage(message, { language, timeZone, now }), parts)
}
