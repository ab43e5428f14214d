import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BanClient } from '#core/ban/ban-client.ts'
import type { BanOutcome } from '#core/ban/ban-request.ts'
import { isObject } from '#lib/json.ts'
import { nonEmpty } from '#lib/text/non-empty.ts'
import { inEnglish } from '#templates/said.ts'
import { byOf } from '../access/by.ts'
import { type BanServices, banStatus, DEFAULT_JAIL } from '../ban-services.ts'

const UNAVAILABLE = 'Fail2ban no disponible'

const statusText = (jails: readonly string[]): string =>
  `Status\n|- Number of jail:\t${jails.length}\n\`- Jail list:\t${jails.join(', ')}`

const jailInfo = async (client: BanClient, name: string) => {
  const status = await client.status(name)
  if (!status.ok) return []
  const { currentlyBanned, totalFailed, totalBanned, bannedIps } = status.value
  return [
    {
      name,
      enabled: true,
      banned_count: currentlyBanned,
      banned_ips: bannedIps,
      total_failed: totalFailed,
      total_banned: totalBanned,
    },
  ]
}

/** The panel's `{success, output, error}`. */
const answer = <T>(reply: FastifyReply, outcome: BanOutcome<T>, output: (value: T) => string) =>
  outcome.ok
    ? { success: true, output: output(outcome.value), error: '' }
    : reply.status(banStatus(outcome.code)).send({ success: false, output: '', error: inEnglish(outcome.why) })

/** What the older panel asked of fail2ban, by the same paths and fields, with the checks that it lacked. */
export const addOlderFail2banRoutes = (app: FastifyInstance, { bans, operations }: BanServices): void => {
  const client = (): BanClient | undefined => bans.clients.values().next().value

  app.get('/api/fail2ban/status', async () => {
    const jails = await client()?.jails()
    if (jails?.ok) return { running: true, available: true, status: statusText(jails.value) }
    const available = jails !== undefined && jails.fault !== 'absent'
    return { running: false, available, message: available ? inEnglish(jails.why) : UNAVAILABLE }
  })

  app.get('/api/fail2ban/jails', async () => {
    const asked = client()
    const names = await asked?.jails()
    if (!asked || !names?.ok) return { jails: [] }
    return { jails: (await Promise.all(names.value.map((name) => jailInfo(asked, name)))).flat() }
  })

  app.get<{ Querystring: { jail?: string } }>('/api/fail2ban/banned-ips', async ({ query }) => {
    const listed = await client()?.banned(nonEmpty(query.jail) ?? DEFAULT_JAIL)
    return { ips: listed?.ok ? listed.value.map(({ ip }) => ip) : [] }
  })

  const asked = ({ body }: FastifyRequest) => {
    const { ip, jail } = isObject(body) ? body : {}
    return { ip: nonEmpty(ip) ?? '', jail: nonEmpty(jail) ?? DEFAULT_JAIL }
  }

  app.post('/api/fail2ban/ban', async (request, reply) =>
    answer(
      reply,
      await operations.bans.ban(byOf(request), { ...asked(request), from: request.ip }),
      ({ ip, jail }) => `${ip} banned in ${jail}`,
    ),
  )

  app.post('/api/fail2ban/unban', async (request, reply) => {
    const { ip, jail } = asked(request)
    const outcome = await operations.bans.lift(byOf(request), { ip, jail })
    return answer(reply, outcome, (was) => (was ? `${ip} unbanned in ${jail}` : `${ip} was not banned in ${jail}`))
  })
}
