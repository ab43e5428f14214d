import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Ban } from '#core/ban/ban.ts'
import type { BanClient } from '#core/ban/ban-client.ts'
import type { BanOutcome } from '#core/ban/ban-request.ts'
import { because } from '#core/cause/cause.ts'
import { type Static, Type } from '#lib/schema.ts'
import { nonEmpty } from '#lib/text/non-empty.ts'
import { iso } from '#lib/time/iso.ts'
import { problemSaid } from '#templates/said.ts'
import { byOf } from '../access/by.ts'
import { type BanServices, banStatus, DEFAULT_JAIL } from '../ban-services.ts'
import { problem } from '../problem.ts'
import { listQuery, page } from './lists.ts'

const words = (description: string) => Type.Optional(Type.String({ maxLength: 200, description }))
const server = words('Which fail2ban, by the name of its source; default: the first')

const newBan = Type.Object(
  {
    ip: Type.String({ minLength: 1, maxLength: 100, description: 'An address, or a network such as 203.0.113.0/28' }),
    jail: Type.Optional(Type.String({ minLength: 1, maxLength: 100, default: DEFAULT_JAIL })),
    minutes: Type.Optional(Type.Number({ description: 'Default: as long as the jail bans' })),
    reason: Type.Optional(Type.String({ maxLength: 1000, default: '' })),
    server,
  },
  { additionalProperties: false },
)
const whichBan = Type.Object({ ip: words('Instead of in a body'), jail: words('Instead of in a body'), server })
const listOfBans = Type.Object({ ...listQuery, jail: words('Only this jail'), ip: words('Only this address') })

/** A ban as the API shows it. */
export const banView = ({ id, server: name, jail, ip, since, expiresAt, failures, manual }: Ban) => ({
  id,
  ip,
  jail,
  server: name,
  since: iso(since),
  expires_at: iso(expiresAt),
  failures,
  manual: manual !== null,
  by: manual?.by ?? null,
  reason: manual?.reason ?? null,
})

/** Why a ban was not set or lifted, in both languages. */
const refused = (reply: FastifyReply, { code, why }: BanOutcome<never> & { ok: false }): FastifyReply => {
  const { message, ...told } = problemSaid(why)
  return problem(reply, banStatus(code), code, message, undefined, told)
}

/** The jails of one fail2ban, or why it does not say. */
const jailsOf = async ([server, client]: readonly [string, BanClient]) => {
  const jails = await client.jails()
  return { server, jails: jails.ok ? jails.value : [], fault: jails.ok ? null : jails.fault }
}

/** Who is banned now, and bans by hand; fail2ban carries them out. */
export const addBanRoutes = (app: FastifyInstance, { bans, operations }: BanServices): void => {
  app.get('/bans/jails', { schema: { summary: 'Each fail2ban with its jails, or why it does not say' } }, async () => ({
    items: await Promise.all([...bans.clients].map(jailsOf)),
  }))

  app.get<{ Querystring: { limit: number; cursor?: number; jail?: string; ip?: string } }>(
    '/bans',
    { schema: { summary: 'Every ban in force, newest first', querystring: listOfBans } },
    async ({ query: { limit, cursor, jail, ip } }) =>
      page((await bans.list({ limit, before: cursor, jail, ip })).map(banView), limit),
  )

  app.post<{ Body: Static<typeof newBan> & { jail: string } }>(
    '/bans',
    { schema: { summary: 'Ban an address', body: newBan } },
    async (request, reply) => {
      const outcome = await operations.bans.ban(byOf(request), { ...request.body, from: request.ip })
      if (!outcome.ok) return refused(reply, outcome)
      return reply.status(201).send(banView(outcome.value))
    },
  )

  app.delete<{ Querystring: Static<typeof whichBan>; Body: unknown }>(
    '/bans',
    { schema: { summary: 'Lift a ban', querystring: whichBan } },
    async (request, reply) => {
      const asked = { ...request.query, ...(request.body as object | null) } as Record<string, unknown>
      const [ip, jail = DEFAULT_JAIL] = [nonEmpty(asked.ip), nonEmpty(asked.jail)]
      if (ip === undefined)
        return problem(reply, 400, 'invalid_input', 'ip is missing', [{ path: 'ip', message: 'is missing' }])
      const outcome = await operations.bans.lift(byOf(request), { ip, jail, server: nonEmpty(asked.server) })
      if (!outcome.ok) return refused(reply, outcome)
      if (!outcome.value) {
        const { message, ...told } = problemSaid(because('not_banned', { ip, jail }))
        return problem(reply, 404, 'not_found', message, undefined, told)
      }
      return reply.status(204).send()
    },
  )
}
