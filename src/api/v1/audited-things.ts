import type { Matcher } from '#core/matcher.ts'
import { hostsIn } from '#lib/hosts-in.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Services } from '../services.ts'

/** What the audit log asks of the rest of the server, to name what a change is about. */
export type NamingServices = Pick<Services, 'storage' | 'monitor' | 'channels' | 'channelTypes'>

type Naming = (id: number, services: NamingServices) => JsonObject | undefined | Promise<JsonObject | undefined>

const matchText = (matchers: readonly Matcher[]): string =>
  matchers.map(({ name, operator, value }) => `${name} ${operator} ${[value].flat().join(', ')}`).join('; ')

/** The next older of a list that begins before `id + 1`, if it is the one. */
const one = <T extends { readonly id: number }>([found]: readonly T[], id: number): T | undefined =>
  found?.id === id ? found : undefined

/** What people know things by, for each kind of them. Never a secret: of an address only its server. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  monitor: (id, { monitor }) => {
    const known = monitor(id)
    return known && { name: known.monitor.name, type: known.monitor.type, target: known.target }
  },
  channel: (id, { channels, channelTypes }) => {
    const known = channels().find((channel) => channel.id === id)
    if (!known) return undefined
    const { name, type, options, locked } = known
    const target = locked ? undefined : channelTypes.get(type)?.describe(options as never)
    const servers = locked ? [] : hostsIn(options).filter((host) => !target?.includes(host))
    return { name, type, target: [target, ...servers].filter(Boolean).join(' by ') }
  },
  rule: async (id, { storage }) => {
    const known = await storage.rules.byId(id)
    return known && { name: known.name, type: known.type }
  },
  silence: async (id, { storage }) => {
    const known = one(await storage.silences.list(1, id + 1), id)
    return known && { matches: matchText(known.matchers), comment: known.comment }
  },
  maintenance: async (id, { storage }) => {
    const known = one(await storage.maintenance.list(1, id + 1), id)
    return known && { name: known.name, matches: matchText(known.matchers) }
  },
  'maintenance plan': async (id, { storage }) => {
    const known = (await storage.maintenancePlans.list()).find((plan) => plan.id === id)
    return known && { name: known.name, matches: matchText(known.matchers) }
  },
  alert: async (id, { storage }) => {
    const known = await storage.alerts.byId(id)
    return known && { subject: known.subject }
  },
}

/** What a thing is, for people who read of its change later; undefined when it is gone, or has no name. */
export const namingOf = async (
  object: string,
  id: number | null,
  services: NamingServices,
): Promise<JsonObject | undefined> => (id === null ? undefined : NAMINGS[object]?.(id, services))
