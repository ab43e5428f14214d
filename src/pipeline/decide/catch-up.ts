import type { Alert } from '#core/alert/alert.ts'
import { nextReminderAt } from '#core/alert/notify-reason.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { unwatchedFrom, watchedAgain } from '#core/monitor/unwatched.ts'
import type { Rule } from '#core/rule/rule.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { knows, type ToldWord } from '#storage/told.ts'
import { comeBack } from './come-back.ts'
import { firstLooksMs } from './first-looks.ts'
import { tellLateEnds } from './late-ends.ts'
import type { Network } from './network.ts'
import type { Registry } from './registry.ts'
import { tellEnd } from './tell-end.ts'

export interface CatchUpDeps {
  readonly storage: Storage
  readonly registry: Pick<Registry, 'generation' | 'channels' | 'channel' | 'ruleOf' | 'monitor' | 'monitors'>
  readonly network: Pick<Network, 'forgetAllBut' | 'state' | 'mute'>
  /** True for a channel that people read. */
  readonly forPeople: (channel: Channel) => boolean
}

interface Open {
  readonly alert: Alert
  readonly rule: Rule
  readonly monitor: Monitor | undefined
  /** What each channel was told of it last. */
  readonly told: ReadonlyMap<number, ToldWord>
  /** Channels that know of the same trouble by another rule. */
  readonly knowing: ReadonlySet<number>
}

/** The time of a pause is no part of an outage: nobody knows how it was then. */
const noteWatching = async ({ alert, monitor }: Open, now: number, { alerts }: Repositories) => {
  const facts = monitor?.paused ? unwatchedFrom(alert.facts, now) : watchedAgain(alert.facts, now)
  if (facts) await alerts.update(alert.id, { facts })
}

/** To machines a pause ends what they were told: nobody looks any more. People know who paused it, and hear nothing. */
const endForMachines = async (
  { alert, rule, monitor, told }: Open,
  now: number,
  { registry, forPeople }: CatchUpDeps,
  repositories: Repositories,
): Promise<boolean> => {
  const channelIds = [...told].flatMap(([id, { reason }]) => {
    const channel = registry.channel(id)
    return channel && !forPeople(channel) && reason !== 'resolved' ? [id] : []
  })
  const over = { ...alert, status: 'resolved', resolvedAt: now, resolvedBy: 'paused' } as const
  return tellEnd({ alert: over, rule, monitor, channelIds }, now, repositories)
}

/** When the clock must look at an alert, because of who hears of it now; undefined when nothing is new. */
const lookAt = async (
  { alert, rule, monitor, told, knowing }: Open,
  now: number,
  { alerts }: Repositories,
): Promise<number | undefined> => {
  const isNew = (id: number) =>
    !knowing.has(id) && !(told.has(id) && knows(told.get(id)!, alert.facts.state, alert.severity))
  const newcomers = rule.channelIds.filter(isNew)
  if (alert.lastToldAt === null) {
    if (rule.channelIds.length === 0 || alert.nextDueAt !== null) return undefined
    // What the cooldown counted as a repetition stays one.
    const before = await alerts.lastTold({ fingerprint: alert.fingerprint }, now)
    return before !== undefined && alert.openedAt < before.at + rule.cooldownMs ? undefined : now
  }
  const slept = monitor && alert.nextDueAt === null && nextReminderAt(rule, alert) !== null
  const ended = newcomers.some((id) => told.get(id)?.reason === 'resolved')
  if (monitor && (slept || ended)) return now + firstLooksMs(monitor)
  return newcomers.length > 0 ? now : undefined
}

const openAlerts = async ({ registry }: CatchUpDeps, { alerts, notifications }: Repositories): Promise<Open[]> => {
  const firing = await alerts.firingAll()
  const told = firing.length === 0 ? new Map() : await notifications.toldOfFiring()
  const ofMonitor = Map.groupBy(firing, ({ monitorId }) => monitorId)
  const knowing = ({ id, monitorId, facts }: Alert) =>
    new Set(
      (monitorId === null ? [] : ofMonitor.get(monitorId)!)
        .filter((other) => other.id !== id)
        .flatMap((other) =>
          [...(told.get(other.id) ?? [])].flatMap(([channel, word]) => (knows(word, facts.state) ? [channel] : [])),
        ),
    )
  return firing.flatMap((alert) => {
    const known = registry.ruleOf(alert)
    return known ? [{ ...known, alert, told: told.get(alert.id) ?? new Map(), knowing: knowing(alert) }] : []
  })
}

/**
 * Makes open alerts and the outbox fit what is configured, once after each change and at a start: who hears of it for the
 * first time is told, what a pause ends is ended, what was held for a channel that is gone is free, and one that is back hears
 * of the ends that it missed. True when anything is to be sent. What is due at once is told by the clock's next look.
 */
export const createCatchUp = (deps: CatchUpDeps) => {
  const { storage, registry, network } = deps
  let seen: number | undefined
  return async (now: number): Promise<boolean> => {
    const generation = registry.generation()
    if (generation === seen) return false
    const told = await storage.transaction(async (repositories) => {
      const { alerts, notifications, states } = repositories
      network.forgetAllBut((await states.all()).map(({ monitorId }) => monitorId))
      const live = registry.channels().flatMap(({ id, enabled }) => (enabled ? [id] : []))
      const freed = await notifications.freeHeld(live, now)
      let any = (await tellLateEnds(live, now, repositories)) || freed
      any = (await comeBack(now, deps, repositories)) || any
      for (const open of await openAlerts(deps, repositories)) {
        if (open.monitor) await noteWatching(open, now, repositories)
        if (open.monitor?.paused) {
          any = (await endForMachines(open, now, deps, repositories)) || any
          continue
        }
        const at = await lookAt(open, now, repositories)
        if (at !== undefined) await alerts.update(open.alert.id, { nextDueAt: at })
      }
      return any
    })
    // A rule that was made or changed may have something to say of what lasts.
    for (const { monitor } of registry.monitors())
      if (network.state(monitor.id) === 'down' || network.state(monitor.id) === 'degraded') network.mute(monitor.id)
    seen = generation
    return told
  }
}
