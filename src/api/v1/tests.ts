import type { FastifyInstance } from 'fastify'
import type { RuleExplanation } from '#core/alert/explanation.ts'
import type { NewEvent } from '#core/event/event.ts'
import { reservedReason } from '#core/event/reserved-events.ts'
import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import { TEST_TYPE, testEvent, testOfMonitor } from '#core/event/test-event.ts'
import type { JsonObject } from '#lib/json.ts'
import { Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import type { ChannelTest, TestReport } from '#operations/tests.ts'
import { deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { inEnglish } from '#templates/said.ts'
import { byOf } from '../access/by.ts'
import { type Fault, notFound, problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { isFault, readEvent } from './event-form.ts'
import { ruleExplanationView } from './explain-view.ts'
import { anId } from './lists.ts'

const MONITOR_STATE = 'monitor_state'
const STANDARD: Severity = 'MEDIUM'

const testBody = Type.Object(
  {
    type: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, default: TEST_TYPE, description: 'Type of the event' }),
    ),
    severity: Type.Optional(
      Type.Enum(SEVERITIES as unknown as string[], { description: "Default: MEDIUM; of a monitor, the monitor's" }),
    ),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: 'Address, host or name' })),
    message: Type.Optional(Type.String({ maxLength: 2000, description: 'Stands in the event as its reason' })),
    data: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Further fields, above those that events of the type come with',
      }),
    ),
    monitor: Type.Optional(anId('Id of a monitor: as if it were down')),
    channel: Type.Optional(anId('Id of the one channel that it is sent to; default: all that are enabled')),
  },
  { additionalProperties: false },
)

interface Form {
  readonly type?: string
  readonly severity?: Severity
  readonly subject?: string
  readonly message?: string
  readonly data?: JsonObject
  readonly monitor?: number
  readonly channel?: number
}

/** An event that nobody but this server makes is only tried as it would make it. */
const withinBounds = ({ type = TEST_TYPE, data, monitor }: Form): Fault | undefined => {
  const ours = monitor !== undefined || type === MONITOR_STATE
  if (ours && data) return { path: 'data', message: 'cannot be given for a monitor: the server alone says how one is' }
  const reserved = ours ? undefined : reservedReason(type)
  return reserved === undefined ? undefined : { path: 'type', message: reserved }
}

const eventOf = (form: Form, about: ReturnType<Services['monitor']>, now: number): NewEvent | Fault => {
  const wrong = withinBounds(form)
  if (wrong) return wrong
  const { type = TEST_TYPE, severity, subject, message, data } = form
  const reason = message ? { reason: message } : {}
  if (about) return testOfMonitor(about, { data: {}, ...(severity && { severity }) }, now)
  const sent = { ...data, ...reason, type, severity: severity ?? STANDARD, ...(subject !== undefined && { subject }) }
  const asked = readEvent(sent, '', now)
  return isFault(asked) ? asked : testEvent(asked, now)
}

/** Channels that a rule would have told, by name. */
const toldBy = ({ decisions }: RuleExplanation, { explanation }: TestReport): readonly (string | null)[] => {
  const ids = new Set(decisions.flatMap(({ detail }) => (detail.notifications ?? []) as readonly number[]))
  return explanation.notifications.filter(({ id }) => ids.has(id)).map(({ channel }) => channel)
}

const ruleView = (report: TestReport) => (one: RuleExplanation) => {
  const { changed_since: _, decisions: __, ...view } = ruleExplanationView(one)
  const channels = toldBy(one, report)
  return { ...view, heard: channels.length > 0, channels }
}

const channelView = ({ channel, notificationId, outcome, durationMs }: ChannelTest) => ({
  channel: { id: channel.id, name: channel.name },
  notification: notificationId,
  ...deliveryOutcomeView(outcome),
  duration_ms: Math.round(durationMs),
})

/** What the test was about: no event that is stored. */
const subjectView = ({ type, severity, subject, at, data }: NewEvent) => ({
  ...data,
  type,
  severity,
  subject,
  at: iso(at),
})

/** What a test came to, as the API tells it. */
export const reportView = (report: TestReport) => {
  const { event, rules, summary } = report.explanation
  return {
    test: true,
    event: subjectView(event),
    summary: inEnglish(summary),
    summary_code: summary.code,
    summary_facts: summary.facts,
    rules: rules.map(ruleView(report)),
    channels: report.channels.map(channelView),
  }
}

export const addTestRoutes = (app: FastifyInstance, services: Services): void => {
  app.post<{ Body: Form | null }>(
    '/tests',
    {
      schema: {
        summary: 'Send a test: which rules would hear of such an event, and what each channel answers',
        body: testBody,
      },
    },
    async (request, reply) => {
      const form = request.body ?? {}
      const about = form.monitor === undefined ? undefined : services.monitor(form.monitor)
      if (form.monitor !== undefined && !about) return notFound(reply, 'monitor')
      const event = eventOf(form, about, services.now())
      if (isFault(event)) return problem(reply, 400, 'invalid_input', `${event.path} ${event.message}`, [event])
      const sent = await services.operations.tests.send(byOf(request), { event, about, channelId: form.channel })
      return sent.ok ? reportView(sent.value) : refuse(reply, sent.problem)
    },
  )
}
