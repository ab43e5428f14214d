import type { FastifyInstance, FastifyReply } from 'fastify'
import { isAcknowledged } from '#core/alert/alert.ts'
import { type Wall, type WallMonitor, wallOf } from '#core/monitor/wall.ts'
import { type Static, Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { byOf } from './access/by.ts'
import { notFound, problem } from './problem.ts'
import { refuse } from './refuse.ts'
import type { Services } from './services.ts'

/** Walls that look at the same moment look at the same. */
const SAME_FOR_MS = 1000
const PROBLEMS_SHOWN = 100
const SITES_SHOWN = 300

const label = Type.String({ minLength: 1, maxLength: 200 })
const opening = Type.Object(
  { label: Type.Optional({ ...label, description: 'The label by which the wall is arranged; default: site' }) },
  { additionalProperties: false },
)
const byLabel = Type.Object({ label: Type.Optional(label) })

/**
 * What a screen on a wall shows: names and states, and nothing else. With a session or a token as everything else, or by a link of
 * its own: whoever has it sees the wall, can do nothing, and asks for nothing else; a new link ends the old one.
 */
export const addWall = (app: FastifyInstance, services: Services): void => {
  const { storage, now, wallLink, operations } = services

  const look = async (by: string): Promise<Wall> => {
    const states = new Map((await storage.states.all()).map((one) => [one.monitorId, one]))
    const monitors = services.monitors().map(({ monitor }): WallMonitor => {
      const state = states.get(monitor.id)
      return {
        monitor,
        state: state?.state ?? 'unknown',
        since: state?.since ?? 0,
        inMaintenance: services.monitorQuiet(monitor)?.maintenance !== undefined,
      }
    })
    return wallOf(monitors, services.cutOff(), by)
  }

  const view = async (by: string) => {
    const at = now()
    const { counts, problems, sites } = await look(by)
    const attended = new Set(
      (await storage.alerts.acknowledgedOfMonitors())
        .filter((alert) => isAcknowledged(alert, at))
        .map(({ monitorId }) => monitorId),
    )
    const { cutOff, ...others } = counts
    const { version } = await services.about()
    return {
      at: iso(at),
      version,
      label: by,
      counts: { ...others, cut_off: cutOff },
      problems: problems.slice(0, PROBLEMS_SHOWN).map(({ monitorId, since, cutOff: behind, ...problem }) => ({
        ...problem,
        since: iso(since),
        cut_off: behind,
        acknowledged: attended.has(monitorId),
      })),
      more: Math.max(0, problems.length - PROBLEMS_SHOWN),
      sites: sites.slice(0, SITES_SHOWN).map(({ cutOff: behind, ...site }) => ({ ...site, cut_off: behind })),
      blind_since: iso(services.sight().blindSince),
    }
  }

  const kept = new Map<string, { readonly until: number; readonly view: ReturnType<typeof view> }>()
  const seen = (by: string) => {
    const before = kept.get(by)
    if (before && now() < before.until && now() >= before.until - SAME_FOR_MS) return before.view
    const made = view(by)
    kept.clear()
    kept.set(by, { until: now() + SAME_FOR_MS, view: made })
    return made
  }

  const linkView = async () => {
    const { open, label: by, token } = await wallLink.now()
    const path = open && token !== undefined ? `/wall/${token}` : null
    const { url } = await services.about()
    return { path, url: path === null || url === undefined ? null : url.replace(/\/$/, '') + path, label: by }
  }

  app.get<{ Querystring: { label?: string } }>(
    '/api/v1/wall',
    { schema: { summary: 'What a screen on a wall shows: problems now, and sites by a label', querystring: byLabel } },
    ({ query: { label: by } }) => seen(by ?? 'site'),
  )
  app.get(
    '/api/v1/wall/link',
    {
      config: { role: 'administrator' },
      schema: { summary: 'The link by which a wall looks; null where there is none' },
    },
    linkView,
  )
  app.post<{ Body: Static<typeof opening> }>(
    '/api/v1/wall/link',
    {
      config: { role: 'administrator' },
      schema: { summary: 'Make a link by which a wall looks; the one before ends', body: opening },
    },
    async (request, reply) => {
      if ((await wallLink.now()).token === undefined)
        return problem(reply, 409, 'key_missing', 'The key that signs links is missing.')
      const opened = await operations.wall.open(byOf(request), request.body.label ?? 'site')
      return opened.ok ? linkView() : refuse(reply, opened.problem)
    },
  )
  app.delete(
    '/api/v1/wall/link',
    { config: { role: 'administrator' }, schema: { summary: 'End the link: whoever has it sees nothing any more' } },
    async (request, reply) => {
      const closed = await operations.wall.close(byOf(request))
      return closed.ok ? reply.status(204).send() : refuse(reply, closed.problem)
    },
  )

  const forLink = (reply: FastifyReply) => reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex')

  app.get<{ Params: { token: string } }>(
    '/wall/:token/states',
    { config: { public: true } },
    async (request, reply) => {
      const { open, label: by } = await wallLink.now()
      const fits = open && (await wallLink.fits(request.params.token))
      return fits ? forLink(reply).send(await seen(by)) : notFound(forLink(reply), 'wall')
    },
  )
}
