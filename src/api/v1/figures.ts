import type { FastifyInstance } from 'fastify'
import {
  type AlertSums,
  type Figures,
  type FiguresPart,
  figuresOf,
  type MessageSums,
} from '#core/alert/alert-figures.ts'
import { Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { momentOfWall, plainTime, zonedMoment } from '#lib/time/zone.ts'
import { zonedDays } from '#lib/time/zoned-days.ts'
import { problem } from '../problem.ts'
import type { Services } from '../services.ts'

const HOUR_MS = 3_600_000
/** Local days of each range, the last one included. */
const DAYS = { day: 1, week: 7, month: 30, quarter: 91 } as const
type RangeName = keyof typeof DAYS
const RANGES = Object.keys(DAYS) as RangeName[]

const figuresQuery = Type.Object({
  range: Type.Optional(
    Type.Enum(RANGES as unknown as string[], {
      default: 'week',
      description: '1, 7, 30 or 91 days; a day by its hours',
    }),
  ),
  until: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      description: "Last day, by the clock of the server's zone; default: today",
    }),
  ),
})

interface Asked {
  readonly range: RangeName
  readonly until?: string
}

/** Beginnings of the parts, ms, and where the last one ends. */
interface Stretch {
  readonly starts: readonly number[]
  readonly end: number
}

/** Undefined for a date that is on no calendar. */
const stretchOf = ({ range, until }: Asked, now: number, zone: string): Stretch | undefined => {
  const today = zonedMoment(now, zone).toPlainDate().toString()
  const [year = 0, month = 0, day = 0] = (until ?? today).split('-').map(Number)
  const last = plainTime(year, month, day)
  if (!last) return undefined
  const from = momentOfWall(last.subtract({ days: DAYS[range] - 1 }), zone)
  const end = momentOfWall(last.add({ days: 1 }), zone)
  if (range !== 'day') return { starts: zonedDays(from, end, zone), end }
  const hours = Math.ceil((end - from) / HOUR_MS)
  return { starts: Array.from({ length: hours }, (_, hour) => from + hour * HOUR_MS), end }
}

const messageView = ({ tried, delivered, failed, waiting, attempts }: MessageSums) => ({
  tried,
  delivered,
  failed,
  waiting,
  attempts,
})

const alertView = ({ opened, looked, firstLook }: AlertSums) => ({
  opened,
  looked_at: looked,
  first_look_ms: firstLook,
})

const sumsView = (sums: MessageSums & AlertSums) => ({ ...messageView(sums), ...alertView(sums) })

/** Figures as the API tells them. */
export const figuresView = (figures: Figures) => ({
  total: sumsView(figures),
  parts: figures.parts.map((part) => ({ at: iso(part.at), ...sumsView(part) })),
  channels: figures.channels.map(({ id, name, ...sums }) => ({ channel: { id, name }, ...messageView(sums) })),
  rules: figures.rules.map(({ of, id, name, ...sums }) => ({
    of,
    rule: id === null ? null : { id, name },
    ...sumsView(sums),
  })),
  severities: figures.severities.map(({ severity, ...sums }) => ({ severity, ...sumsView(sums) })),
  failures: figures.failures,
})

export const addFigureRoutes = (app: FastifyInstance, services: Services): void => {
  const { storage, now, timers } = services

  const read = async ({ starts, end }: Stretch): Promise<FiguresPart[]> => {
    const parts: FiguresPart[] = []
    for (const [index, at] of starts.entries()) {
      const to = starts[index + 1] ?? end
      // A quarter of a busy server is many rows: others get their turn between one day and the next.
      await timers.turn()
      const { alertFigures } = storage
      const messages = at > now() ? [] : await alertFigures.messages(at, to)
      const alerts = at > now() ? [] : await alertFigures.alerts(at, to)
      const looks = alerts.length === 0 ? [] : await alertFigures.looks(at, to)
      parts.push({ at, messages, alerts, looks })
    }
    return parts
  }

  app.get<{ Querystring: Asked }>(
    '/figures',
    {
      schema: {
        summary:
          'What was told and opened over time: by channel, rule and severity, what failed, and how soon somebody looked',
        querystring: figuresQuery,
      },
    },
    async ({ query }, reply) => {
      const zone = services.timeZone()
      const stretch = stretchOf(query, now(), zone)
      if (!stretch)
        return problem(reply, 400, 'invalid_input', `until: ${query.until} is on no calendar`, [
          {
            path: 'until',
            message: 'is on no calendar',
            fault: { code: 'no_such_time', facts: { value: query.until! } },
          },
        ])
      const { range } = query
      const figures = figuresView(figuresOf(await read(stretch)))
      return { range, time_zone: zone, from: iso(stretch.starts[0]!), to: iso(stretch.end), ...figures }
    },
  )
}
