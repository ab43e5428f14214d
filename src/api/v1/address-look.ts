import { createAddressRecord, targetKey } from '#core/address/address-record.ts'
import { createMostSeen } from '#core/address/most-seen.ts'
import { createNeighbours } from '#core/address/neighbours.ts'
import { likeAddress, networksHolding } from '#core/address/networks.ts'
import type { Alert } from '#core/alert/alert.ts'
import type { Lifting } from '#core/ban/ban-history.ts'
import type { NewEvent } from '#core/event/event.ts'
import { addressOf, targetsOf } from '#core/event/event-addresses.ts'
import { isRanked, rankHosts } from '#core/event/rank-hosts.ts'
import { severityRank } from '#core/event/severity.ts'
import { type Matcher, matches } from '#core/rule/matcher.ts'
import { isPrivate } from '#lib/net/private-address.ts'
import { plainAddress } from '#lib/text/plain-address.ts'
import type { Looked } from '#storage/mentions.ts'
import type { Silence } from '#storage/silences.ts'
import type { Services } from '../services.ts'
import type { MonitorLink } from './address-view.ts'

type Deps = Pick<Services, 'storage' | 'now' | 'monitors' | 'probeTypes'>

/** So many events of one address are read: what is older is not counted. */
const MOST_EVENTS = 5000
const MOST_ALERTS = 100
const MOST_LIFTINGS = 50
/** Open alerts that are looked at for their address. */
const MOST_OPEN = 1000

/** Every event about an address since a moment, ms, as far as one look goes. */
export const recordOf = async ({ storage }: Deps, address: string, from: number) => {
  const record = createAddressRecord(address)
  let left = MOST_EVENTS
  const looked = await storage.mentions.events(
    { like: likeAddress(address), from },
    (event) => !record.note(event) || --left > 0,
  )
  return { record: record.result(), looked }
}

/**
 * Alerts about an address of all times, and those that its newest events had a part in; the open ones first, the most
 * severe of them before the others, then the newest.
 */
export const alertsOf = async (
  { storage }: Deps,
  address: string,
  eventIds: readonly number[],
): Promise<readonly Alert[]> => {
  const found: Alert[] = []
  await storage.mentions.alerts({ like: likeAddress(address), from: 0 }, (alert) => {
    if (addressOf(alert) === address) found.push(alert)
    return found.length < MOST_ALERTS
  })
  const known = new Set(found.map(({ id }) => id))
  const others = (await storage.decisions.alertsOf(eventIds)).filter((id) => !known.has(id)).sort((a, b) => b - a)
  found.push(...(await storage.alerts.some(others.slice(0, MOST_ALERTS))))
  const isOpen = ({ status }: Alert) => Number(status === 'firing')
  const rank = (alert: Alert) => isOpen(alert) * (1 + severityRank(alert.severity))
  return found.toSorted((a, b) => rank(b) - rank(a) || b.id - a.id)
}

/** Bans in force that hold an address, its networks' too. */
export const bansOf = ({ storage, now }: Deps, address: string) => storage.bans.among(networksHolding(address), now())

/** Which of these addresses are banned now, by themselves or with their network. */
export const bannedAmong = async (
  { storage, now }: Deps,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> => {
  const networks = new Map(addresses.map((address) => [address, networksHolding(address)]))
  const asked = [...new Set([...networks.values()].flat())]
  const banned = new Set((await storage.bans.among(asked, now())).map(({ ip }) => ip))
  return new Set(addresses.filter((address) => networks.get(address)!.some((network) => banned.has(network))))
}

/** What people lifted of an address, as the audit log has it. */
export const liftingsOf = async ({ storage }: Deps, address: string): Promise<readonly Lifting[]> => {
  const entries = await storage.audit.about({ object: 'ban', like: likeAddress(address), limit: MOST_LIFTINGS })
  return entries
    .filter(({ action }) => action === 'unban')
    .map(({ at, actor, details: { jail, ip } }) => ({
      at,
      by: actor.replace(/^(?:user|token):/, ''),
      jail: String(jail),
      ip: String(ip),
    }))
}

const isOfAddress = ({ name }: Matcher): boolean => name === 'address' || name === 'subject'

/** The silence that mutes all about an address longest; undefined where none does. */
export const ignoring = async ({ storage, now }: Deps, address: string): Promise<Silence | undefined> => {
  const about = { subject: address, address, severity: 'LOW', type: '', rule: null, monitor: null, labels: {} } as const
  return (await storage.silences.current(now()))
    .filter(({ startsAt, matchers }) => startsAt <= now() && matchers.every(isOfAddress) && matches(matchers, about))
    .toSorted((a, b) => b.endsAt - a.endsAt)[0]
}

/** Which monitor watches a host, by address or name; looks through all of them once, for these hosts. */
export const monitorsAt = (
  { monitors, probeTypes }: Deps,
  hosts: readonly (string | null)[],
): ((host: string) => MonitorLink) => {
  const wanted = new Set(hosts.flatMap((host) => (host === null ? [] : host.toLowerCase())))
  const found = new Map<string, { readonly id: number; readonly name: string }>()
  const note = (host: string, { id, name }: { readonly id: number; readonly name: string }) => {
    const key = (host.includes(':') ? (plainAddress(host) ?? host) : host).toLowerCase()
    if (wanted.has(key) && !found.has(key)) found.set(key, { id, name })
  }
  if (wanted.size > 0)
    for (const { monitor } of monitors()) {
      for (const host of probeTypes.get(monitor.type)?.hosts?.(monitor.options as never) ?? []) note(host, monitor)
      note(monitor.name, monitor)
    }
  return (host) => found.get(host.toLowerCase()) ?? null
}

/** Who is like an address: of its network, its owner, or at the same targets at the same time. */
export const neighboursOf = async (
  deps: Deps,
  address: string,
  from: number,
  owner: { readonly owner: string | null; readonly asn: number | null },
  most: number,
) => {
  const targets = new Set<string>()
  const own = createAddressRecord(address)
  let left = MOST_EVENTS
  await deps.storage.mentions.events({ like: likeAddress(address), from }, (event) => {
    if (!own.note(event)) return true
    if (addressOf(event) === address) for (const target of targetsOf(event, address)) targets.add(targetKey(target))
    return --left > 0
  })
  const { hours, said } = own.result()
  const compared = { address, owner: owner.owner ?? said.owner, asn: owner.asn ?? said.asn, targets, hours }
  const neighbours = createNeighbours(compared)
  const looked = await deps.storage.mentions.events({ from }, (event) => {
    neighbours.note(event)
    return true
  })
  return { neighbours: neighbours.top(most), looked }
}

/** Who was seen most since a moment, ms, and who has open alerts. */
export const mostSeen = async ({ storage }: Deps, from: number, most: number) => {
  const seen = createMostSeen()
  const looked: Looked = await storage.mentions.events({ from }, (event) => {
    seen.event(event)
    return true
  })
  const outline = (await storage.alerts.outline()).filter(({ monitorId }) => monitorId === null).slice(0, MOST_OPEN)
  for (const alert of await storage.alerts.some(outline.map(({ id }) => id)))
    seen.openAlert({ ...alert, type: alert.facts.event_type ?? '', at: alert.updatedAt })
  return { seen: seen.top(most), looked }
}

/** Who should be looked at, by what happened from one moment up to another, ms. Own are private addresses, and what is monitored. */
export const ranked = async (
  deps: Deps,
  { from, to }: { readonly from: number; readonly to: number },
  most: number,
) => {
  const events: NewEvent[] = []
  const looked = await deps.storage.mentions.events({ from }, (event) => {
    if (isRanked(event) && event.at >= from && event.at < to) events.push(event)
    return true
  })
  const addresses = [...new Set(events.flatMap((event) => addressOf(event) ?? []))]
  const monitorOf = monitorsAt(deps, addresses)
  const hosts = rankHosts(events, (ip) => isPrivate(ip) || monitorOf(ip) !== null)
  return { hosts: hosts.slice(0, most), looked }
}
