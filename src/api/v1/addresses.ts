import type { FastifyInstance } from 'fastify'
import { networkOf, readAddress } from '#core/address/networks.ts'
import { banHistory } from '#core/ban/ban-history.ts'
import { refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import { Type } from '#lib/schema.ts'
import { iso } from '#lib/time/iso.ts'
import { problem } from '../problem.ts'
import { refuse } from '../refuse.ts'
import type { Services } from '../services.ts'
import {
  alertsOf,
  bannedAmong,
  bansOf,
  ignoring,
  liftingsOf,
  monitorsAt,
  mostSeen,
  neighboursOf,
  ranked,
  recordOf,
} from './address-look.ts'
import {
  alertLineView,
  lookedView,
  neighbourView,
  rankedView,
  recordView,
  seenView,
  toldBanView,
} from './address-view.ts'
import { silenceView } from './attention-view.ts'
import { banView } from './bans.ts'
import { eventView } from './event-view.ts'
import { RANGE_PROBLEM, type Range, rangeOf, rangeQuery } from './ranges.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const NO_ADDRESS = says(
  'This is not an IPv4 or IPv6 address, such as 203.0.113.7 or 2001:db8::7. What has a name is found by searching for it.',
  'Esto no es una dirección IPv4 o IPv6, como 203.0.113.7 o 2001:db8::7. Lo que tiene nombre se encuentra buscándolo.',
)
const noAddress = refused('invalid_input', 'address', NO_ADDRESS.message, NO_ADDRESS).problem

const params = Type.Object({ address: Type.String({ description: 'IPv4 or IPv6, in any form' }) })
const days = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 365, default: 30, description: 'How far back events are looked at' }),
)
const upTo = (maximum: number, standard: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, default: standard, description: 'At most so many' }))

interface One {
  readonly Params: { readonly address: string }
  readonly Querystring: { readonly days: number; readonly limit: number }
}

/** What is known of addresses: events, bans, alerts, and who else is like them. */
export const addAddressRoutes = (app: FastifyInstance, services: Services): void => {
  const { now, addressFacts, sources, bans } = services

  app.get<{ Querystring: { hours: number; limit: number } }>(
    '/addresses',
    {
      schema: {
        summary: 'Addresses that were seen most: by open alerts, then severity, then events',
        querystring: Type.Object({
          hours: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 168, default: 24, description: 'How far back events are looked at' }),
          ),
          limit: upTo(200, 50),
        }),
      },
    },
    async ({ query: { hours, limit } }) => {
      const { seen, looked } = await mostSeen(services, now() - hours * HOUR_MS, limit)
      const banned = await bannedAmong(
        services,
        seen.map(({ address }) => address),
      )
      const items = seen.map((one) => ({
        ...seenView(one),
        ...addressFacts(one.address),
        banned: banned.has(one.address),
      }))
      return { items, ...lookedView(looked) }
    },
  )

  app.get<{ Querystring: Range & { readonly limit: number } }>(
    '/addresses/ranked',
    {
      schema: {
        summary: 'Who should be looked at: what detectors and senders say of an address, added up, with the reasons',
        querystring: Type.Object({ ...rangeQuery, limit: upTo(200, 20) }),
      },
    },
    async ({ query }, reply) => {
      const range = rangeOf(query, now() + 1)
      if (!range) return problem(reply, 400, 'invalid_input', RANGE_PROBLEM)
      const { hosts, looked } = await ranked(services, range, query.limit)
      return { items: hosts.map(rankedView), from: iso(range.from), to: iso(range.to), ...lookedView(looked) }
    },
  )

  app.get<One>(
    '/addresses/:address',
    {
      schema: {
        summary: 'All that is known of one address',
        params,
        querystring: Type.Object({ days }),
      },
    },
    async ({ params: { address: written }, query }, reply) => {
      const address = readAddress(written)
      if (address === undefined) return refuse(reply, noAddress)
      const { record, looked } = await recordOf(services, address, now() - query.days * DAY_MS)
      const current = await bansOf(services, address)
      const told = banHistory(record.bans, await liftingsOf(services, address), now())
      const isCurrent = ({ jail, ip, isOver }: (typeof told)[number]) =>
        !isOver && current.some((ban) => ban.jail === jail && ban.ip === ip)
      const alerts = await alertsOf(services, address, record.ids)
      const hosts = [address, ...record.targets.map(({ host }) => host), ...record.contacts.map((one) => one.address)]
      const monitorOf = monitorsAt(services, hosts)
      const known = addressFacts(address)
      const { country = null, owner = null, asn = null } = { ...record.said, ...known }
      return {
        address,
        family: address.includes(':') ? 6 : 4,
        network: networkOf(address),
        country,
        owner,
        asn,
        /** Whether the operator has databases that tell them. */
        address_facts: sources().addressFacts,
        monitor: monitorOf(address),
        ignored: silenceView(await ignoring(services, address)),
        /** False where no fail2ban is configured: nobody can ban. */
        can_ban: bans.clients.size > 0,
        ...recordView(record, monitorOf),
        bans: { current: current.map(banView), told: told.filter((ban) => !isCurrent(ban)).map(toldBanView) },
        alerts: alerts.map((alert) => alertLineView(alert, address)),
        latest: record.latest.map(eventView),
        from: iso(now() - query.days * DAY_MS),
        ...lookedView(looked),
      }
    },
  )

  app.get<One>(
    '/addresses/:address/others',
    {
      schema: {
        summary: 'Who else: of the same network or owner, or at the same targets in the same hours',
        params,
        querystring: Type.Object({ days, limit: upTo(200, 50) }),
      },
    },
    async ({ params: { address: written }, query }, reply) => {
      const address = readAddress(written)
      if (address === undefined) return refuse(reply, noAddress)
      const { owner = null, asn = null } = addressFacts(address)
      const from = now() - query.days * DAY_MS
      const { neighbours, looked } = await neighboursOf(services, address, from, { owner, asn }, query.limit)
      const banned = await bannedAmong(
        services,
        neighbours.map((one) => one.address),
      )
      const items = neighbours.map((one) => ({
        ...neighbourView(one),
        ...addressFacts(one.address),
        banned: banned.has(one.address),
      }))
      return { items, network: networkOf(address), ...lookedView(looked) }
    },
  )
}
