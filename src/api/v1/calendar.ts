import type { FastifyInstance } from 'fastify'
import { calendarOf, daysFrom, type Entry } from '#core/maintenance/calendar.ts'
import { type Hit, hitBy } from '#core/maintenance/hit.ts'
import { occurrences } from '#core/maintenance/recurrence.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { refused } from '#core/problem.ts'
import { type Matcher, matches, monitorFacts } from '#core/rule/matcher.ts'
import { type Static, Type } from '#lib/schema.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { iso } from '#lib/time/iso.ts'
import { zonedTime } from '#lib/time/zoned-time.ts'
import { matchersRefusal } from '#operations/matchers-refusal.ts'
import { recurrenceProblem } from '#operations/plans.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import { matchersSchema, windowFields } from './maintenance-form.ts'
import { recurrenceFields } from './plans.ts'

const LONGEST_DAYS = 92
const SHOWN = 100
const NEXT_SHOWN = 5
/** So many looks at a monitor may one answer cost. */
const MOST_LOOKS = 500_000

const calendarQuery = Type.Object({
  from: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'First day; default: today' })),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_DAYS, default: 30 })),
})

const preview = Type.Object(
  {
    matchers: matchersSchema,
    behind: windowFields.behind,
    cron: Type.Optional(recurrenceFields.cron),
    duration: Type.Optional(recurrenceFields.duration),
    time_zone: recurrenceFields.time_zone,
  },
  { additionalProperties: false },
)

const namesOf = (monitors: readonly Monitor[]) => ({
  count: monitors.length,
  items: monitors.slice(0, SHOWN).map(({ id, name }) => ({ id, name })),
})

const hitView = ({ matched, behind, subscribers }: Hit) => ({
  matched: namesOf(matched),
  behind: namesOf(behind),
  subscribers,
})

/** The calendar of maintenance windows, and whom one would cover before it is saved. */
export const addCalendarRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now, topology } = services
  const monitors = () => services.monitors().map(({ monitor }) => monitor)

  /** How many monitors each covers; null where that would take long. */
  const countsOf = (entries: readonly Entry[]) => {
    const keyOf = ({ matchers, behind }: Entry) => JSON.stringify([matchers, behind])
    const kinds = new Map(entries.map((entry) => [keyOf(entry), entry]))
    const all = monitors()
    const counts = new Map<string, number>()
    if (kinds.size * all.length <= MOST_LOOKS)
      for (const [key, entry] of kinds) {
        const { matched, behind } = hitBy(entry, all, topology())
        counts.set(key, matched.length + behind.length)
      }
    return (entry: Entry) => counts.get(keyOf(entry)) ?? null
  }

  app.get<{ Querystring: Static<typeof calendarQuery> }>(
    '/maintenance/calendar',
    { schema: { summary: "Maintenance windows by days of the server's zone", querystring: calendarQuery } },
    async ({ query: { from, days: count = 30 } }, reply) => {
      const timeZone = services.timeZone()
      // An hour that the clocks skip or repeat is of that day all the same.
      const noon = from === undefined ? now() : zonedTime(`${from}T12:00`, timeZone)
      if (typeof noon !== 'number')
        return refuse(
          reply,
          refused('invalid_input', 'from', `${from} is shown by no calendar`, {
            code: 'no_such_time',
            facts: { value: from! },
          }).problem,
        )
      const days = daysFrom(noon, count, timeZone)
      const span = { from: days[0]!.startsAt, to: days.at(-1)!.endsAt, now: now() }
      const plans = await storage.maintenancePlans.list()
      const { entries, cut } = calendarOf(await storage.maintenance.between(span.from, span.to), plans, span)
      const originOf = new Map(plans.map(({ id, origin }) => [id, origin]))
      const recurring = new Set(plans.flatMap(({ id, when }) => ('cron' in when ? [id] : [])))
      const countOf = countsOf(entries)
      return {
        time_zone: timeZone,
        days: days.map(({ date, startsAt, endsAt }) => ({ date, starts_at: iso(startsAt), ends_at: iso(endsAt) })),
        items: entries.map((entry) => ({
          id: entry.windowId ?? null,
          plan_id: entry.planId ?? null,
          recurring: entry.planId !== undefined && recurring.has(entry.planId),
          origin: (entry.planId !== undefined && originOf.get(entry.planId)) || null,
          name: entry.name,
          matchers: entry.matchers,
          behind: entry.behind,
          note: entry.note,
          starts_at: iso(entry.startsAt),
          ends_at: iso(entry.endsAt),
          status: entry.endsAt <= span.now ? 'over' : entry.startsAt > span.now ? 'planned' : 'active',
          created_by: entry.createdBy,
          monitors: countOf(entry),
        })),
        cut,
      }
    },
  )

  app.post<{ Body: Static<typeof preview> }>(
    '/maintenance/preview',
    {
      config: { role: 'viewer' },
      schema: { summary: 'Whom a maintenance window would cover, and when it would come', body: preview },
    },
    async ({ body }, reply) => {
      const { behind = false, cron, duration, time_zone: timeZone = 'UTC' } = body
      const matchers = body.matchers as readonly Matcher[]
      const wrong = matchersRefusal(matchers)
      if (wrong) return refuse(reply, wrong.problem)
      const when =
        cron !== undefined && duration !== undefined
          ? { cron, timeZone, durationMs: parseDuration(duration)! }
          : undefined
      const late = when && recurrenceProblem(when, now())
      if (late) return refuse(reply, late.problem)
      const next = when ? occurrences(when, now(), Number.POSITIVE_INFINITY, NEXT_SHOWN) : []
      return {
        ...hitView(hitBy({ matchers, behind }, monitors(), topology())),
        next: next.map((at) => ({ starts_at: iso(at), ends_at: iso(at + when!.durationMs) })),
      }
    },
  )

  app.post<{ Body: { readonly matchers: readonly Matcher[] } }>(
    '/silences/preview',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Which monitors and open alerts a silence would mute',
        body: Type.Object({ matchers: matchersSchema }, { additionalProperties: false }),
      },
    },
    async ({ body: { matchers } }, reply) => {
      const wrong = matchersRefusal(matchers)
      if (wrong) return refuse(reply, wrong.problem)
      const alerts = await services.mutedBy(matchers)
      const matched = monitors().filter((monitor) => matches(matchers, monitorFacts(monitor)))
      return {
        monitors: namesOf(matched),
        alerts: {
          count: alerts.length,
          items: alerts.slice(0, SHOWN).map(({ id, subject, severity }) => ({ id, subject, severity })),
        },
      }
    },
  )
}
