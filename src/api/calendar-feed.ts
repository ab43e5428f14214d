import type { FastifyInstance, FastifyReply } from 'fastify'
import { icalOf } from '#core/maintenance/ical.ts'
import { byOf } from './access/by.ts'
import { notFound, problem } from './problem.ts'
import { refuse } from './refuse.ts'
import type { Services } from './services.ts'

const BEHIND_MS = 30 * 86_400_000
const TITLES = { en: 'Planned maintenance', es: 'Mantenimiento programado' } as const

/**
 * The calendar of maintenance windows for programs that show calendars: with a token as everything else, or by a link of its
 * own, for most of them send none. Whoever has the link reads the calendar and nothing else; a new link ends the old one.
 */
export const addCalendarFeed = (app: FastifyInstance, services: Services): void => {
  const { storage, now, calendarLink, operations } = services

  const send = async (reply: FastifyReply): Promise<FastifyReply> => {
    const { url, language } = await services.about()
    const base = url?.replace(/\/$/, '')
    const text = icalOf({
      title: `${TITLES[language === 'es' ? 'es' : 'en']} · Vigía`,
      installation: await storage.settings.ensure('installation_id', crypto.randomUUID()),
      url: base === undefined ? undefined : `${base}/calendar`,
      windows: await storage.maintenance.between(now() - BEHIND_MS, Number.MAX_SAFE_INTEGER),
      plans: await storage.maintenancePlans.list(),
      now: now(),
    })
    return reply
      .type('text/calendar; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-robots-tag', 'noindex')
      .header('content-disposition', 'inline; filename="maintenance.ics"')
      .send(text)
  }
  const view = async (reply: FastifyReply) => {
    const token = await calendarLink.token()
    if (token === undefined) return problem(reply, 409, 'key_missing', 'The key that signs links is missing.')
    const path = `/calendar/${token}.ics`
    const { url } = await services.about()
    return { path, url: url === undefined ? null : url.replace(/\/$/, '') + path }
  }

  app.get(
    '/api/v1/maintenance.ics',
    { schema: { summary: 'The calendar of maintenance windows, as iCalendar' } },
    (_, reply) => send(reply),
  )
  app.get(
    '/api/v1/maintenance/link',
    { config: { role: 'operator' }, schema: { summary: 'The link by which a calendar program reads the calendar' } },
    (_, reply) => view(reply),
  )
  app.post(
    '/api/v1/maintenance/link/renew',
    { schema: { summary: 'Make a new link; the old one reads nothing any more' } },
    async (request, reply) => {
      const renewed = await operations.plans.renewLink(byOf(request))
      return renewed.ok ? view(reply) : refuse(reply, renewed.problem)
    },
  )
  app.get<{ Params: { file: string } }>('/calendar/:file', { config: { public: true } }, async (request, reply) => {
    const [, token] = /^([A-Za-z0-9_-]{22})\.ics$/.exec(request.params.file) ?? []
    return token !== undefined && (await calendarLink.fits(token)) ? send(reply) : notFound(reply, 'calendar')
  })
}
