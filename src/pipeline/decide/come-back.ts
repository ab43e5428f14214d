import type { Alert } from '#core/alert/alert.ts'
import type { AlertFacts } from '#core/alert/alert-facts.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import { unwatchedFrom, watchedAgain } from '#core/monitor/unwatched.ts'
import type { Repositories } from '#storage/index.ts'
import { firstLooksMs } from './first-looks.ts'
import type { Network } from './network.ts'
import type { KnownMonitor, Registry } from './registry.ts'
import { tellEnd } from './tell-end.ts'

export interface ComeBackDeps {
  readonly registry: Pick<Registry, 'monitor' | 'ruleOf' | 'channel'>
  readonly network: Pick<Network, 'state'>
  /** True for a channel that people read. */
  readonly forPeople: (channel: Channel) => boolean
}

/** What was taken out longer ago than this has been forgotten, ms. */
const OLDEST_MS = 7 * 86_400_000

/** What is known of it, and that nobody looked since it was taken out, or paused before. */
const outOfSight = ({ facts, resolvedAt }: Alert): AlertFacts => unwatchedFrom(facts, resolvedAt!) ?? facts

/** The alert as it is now that its monitor is looked at again; what became of it meanwhile nobody saw. */
const asItIs = (
  alert: Alert,
  { monitor }: KnownMonitor,
  network: Pick<Network, 'state'>,
  now: number,
): Partial<Alert> => {
  const state = network.state(monitor.id)
  const facts = watchedAgain(outOfSight(alert), now)!
  if (state !== 'down' && state !== 'degraded') return { facts }
  const severity = state === 'degraded' ? monitor.degradedSeverity : monitor.severity
  return { facts: { ...facts, state }, severity }
}

/** Ends it where people were told of it. True when anybody was. */
const end = async (
  alert: Alert,
  by: 'recovery' | 'changed',
  people: readonly number[],
  now: number,
  { registry }: ComeBackDeps,
  repositories: Repositories,
): Promise<boolean> => {
  const over = await repositories.alerts.update(alert.id, {
    resolvedAt: now,
    resolvedBy: by,
    updatedAt: now,
    facts: outOfSight(alert),
  })
  return tellEnd({ ...registry.ruleOf(alert)!, alert: over, channelIds: people }, now, repositories)
}

const comeBackOne = async (
  alert: Alert,
  now: number,
  deps: ComeBackDeps,
  repositories: Repositories,
): Promise<boolean> => {
  const { registry, network, forPeople } = deps
  const known = alert.monitorId === null ? undefined : registry.monitor(alert.monitorId)
  if (!known || !registry.ruleOf(alert) || (await repositories.alerts.latestOf(alert.fingerprint)) !== alert.id)
    return false
  const people = (await repositories.notifications.channelsHearing(alert.id)).filter((id) => {
    const channel = registry.channel(id)
    return channel !== undefined && forPeople(channel)
  })
  if (people.length === 0) return false
  if (alert.facts.target !== known.target) return end(alert, 'changed', people, now, deps, repositories)
  if (network.state(known.monitor.id) === 'up') return end(alert, 'recovery', people, now, deps, repositories)
  await repositories.alerts.update(alert.id, {
    ...asItIs(alert, known, network, now),
    status: 'firing',
    resolvedAt: null,
    resolvedBy: null,
    nextDueAt: now + firstLooksMs(known.monitor),
  })
  return false
}

/**
 * Opens again what ended because its monitor or its rule was taken out, once that is back: people were told of the trouble
 * and not of an end, and are to hear how it went on. True when anything is to be sent.
 */
export const comeBack = async (now: number, deps: ComeBackDeps, repositories: Repositories): Promise<boolean> => {
  let any = false
  for (const alert of await repositories.alerts.removedSince(now - OLDEST_MS))
    any = (await comeBackOne(alert, now, deps, repositories)) || any
  return any
}
