import type { Alert } from '#core/alert/alert.ts'
import { alertStep } from '#core/alert/alert-step.ts'
import { type AlertChange, nextReminderAt, notifyReason } from '#core/alert/notify-reason.ts'
import { eventFields, type NewEvent, type VigiaEvent } from '#core/event/event.ts'
import { severityRank } from '#core/event/severity.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { calmEvent, flappingEvent, monitorEvent } from '#core/monitor/monitor-event.ts'
import { createTopology } from '#core/monitor/topology.ts'
import type { WordedTransition } from '#core/monitor/transition.ts'
import { isRecovery, monitorRule, type Rule, ruleFingerprint } from '#core/rule/rule.ts'
import { createRuleIndex } from '#core/rule/rule-index.ts'
import { compileRule } from '#core/rule/rule-spec.ts'
import { createNetwork, PARENT_GRACE_MS } from '../decide/network.ts'
import { quietContext } from '../decide/quiet-stages.ts'
import type { Quiets } from '../decide/quiets.ts'
import type { ReplaySide } from './replay-order.ts'
import type { Unwell } from './state-replay.ts'

/** One outage as it would have been told. Times in ms. */
export interface ToldOutage {
  readonly since: number
  until: number | null
  /** When people would first have heard of it; null: never. */
  toldAt: number | null
  /** What it is reached through explains it. */
  behind: boolean
}

export interface ToldReplay {
  /** Messages by channel id, before they are gathered. */
  readonly messages: ReadonlyMap<number, number>
  readonly outages: ReadonlyMap<number, readonly ToldOutage[]>
}

/** The clock looks so often at what flaps, and at who waits for a look at a parent. */
const LOOK_EVERY_MS = 10_000

interface Open {
  readonly rule: Rule
  readonly monitor: Monitor
  alert: Alert
}

/** The place in sorted times from which on they are later than `at`. */
const after = (times: readonly number[], at: number): number => {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether a look between `since` and `now` found it well, by when it was not. */
const wellBetween = ({ from, to }: Unwell, since: number, now: number, intervalMs: number): boolean => {
  const index = after(from, since) - 1
  const back = index < 0 ? since : (to[index] ?? Number.POSITIVE_INFINITY)
  // It is well at `back`, or was at `since` and is looked at within its interval, where nothing fails before.
  if (back > since) return back <= now
  const next = from[index + 1] ?? Number.POSITIVE_INFINITY
  return now >= since + intervalMs && next > since + intervalMs
}

/** What a configuration tells of changes of state, which are in the order of time: the decisions of a server that runs. */
export const replayTelling = (
  { monitors, rules, channels }: ReplaySide,
  changes: readonly WordedTransition[],
  unwell: ReadonlyMap<number, Unwell>,
  quiets: Quiets,
  to: number,
): ToldReplay => {
  const known = new Map(monitors.map((monitor) => [monitor.id, { monitor, target: '' }]))
  const topology = createTopology(monitors)
  const idByName = new Map(channels.map(({ id, name }) => [name, id]))
  const idsOf = (names: readonly string[]) => names.flatMap((name) => idByName.get(name) ?? [])
  const own = new Map(monitors.map((monitor) => [monitor.id, monitorRule(monitor, idsOf(monitor.channels))]))
  const sends = new Set(channels.map(({ id }) => id))
  const written = createRuleIndex(rules.filter(({ enabled }) => enabled).flatMap((rule) => compileRule(rule) ?? []))
  const messages = new Map<number, number>()
  const outages = new Map<number, ToldOutage[]>()
  const open = new Map<string, Open>()
  const toldBefore = new Map<string, number>()
  let [now, nextId, lookAt] = [0, 1, 0]

  const network = createNetwork({
    topology: () => topology,
    monitor: (id) => known.get(id) as never,
    seenWellSince: (id, since) =>
      wellBetween(unwell.get(id) ?? NEVER, since, now, known.get(id)?.monitor.intervalMs ?? 0),
    failedSince: (id, since) => !wellBetween(unwell.get(id) ?? NEVER, since, now, 0),
  })

  const noteTold = ({ monitor, alert }: Open, at: number) => {
    const outage = outages.get(monitor.id)?.at(-1)
    if (outage && outage.until === null && alert.facts.state !== 'degraded') outage.toldAt ??= at
  }
  /** What happens to an alert is told, or held; when the clock must look at it again. */
  const tell = (change: AlertChange, one: Open, event: VigiaEvent | undefined, heard: Set<string>): void => {
    const { rule, monitor, alert } = one
    const { quiet } = quietContext({ alert, rule, event, monitor, quiets, network, now })
    const key = `${rule.id} ${rule.cooldownScope === 'rule' ? '' : alert.subject}`
    const earlier = rule.id === null ? alert.lastToldAt : (toldBefore.get(key) ?? null)
    const { reason, until } = notifyReason(change, alert, rule, now, { toldBefore: earlier, quiet })
    if (quiet?.kind === 'parent') {
      const outage = outages.get(monitor.id)?.at(-1)
      if (outage?.toldAt === null) outage.behind = true
    }
    if (!reason) {
      const again = until ?? (quiet ? null : nextReminderAt(rule, alert))
      one.alert = { ...alert, nextDueAt: again !== null && again <= now ? now + LOOK_EVERY_MS : again }
      return
    }
    toldBefore.set(key, now)
    for (const id of rule.channelIds)
      if (sends.has(id) && !heard.has(`${id} ${reason}`)) {
        heard.add(`${id} ${reason}`)
        messages.set(id, (messages.get(id) ?? 0) + 1)
      }
    const reminders = alert.reminders + (reason === 'reminder' ? 1 : 0)
    const told = { lastToldAt: now, toldSeverity: alert.severity, toldState: alert.facts.state ?? null, reminders }
    one.alert = { ...alert, ...told }
    one.alert = { ...one.alert, nextDueAt: nextReminderAt(rule, one.alert) }
    if (rule.channelIds.some((id) => sends.has(id)) && change !== 'resolved') noteTold(one, now)
  }

  const move = (rule: Rule, event: VigiaEvent, monitor: Monitor, heard: Set<string>) => {
    const fingerprint = ruleFingerprint(rule, event)
    const before = open.get(fingerprint)
    const step = alertStep(event, rule, before?.alert, now)
    if (!step) return
    const one: Open = { rule, monitor, alert: step.alert }
    open.set(fingerprint, one)
    if (step.telling) tell(step.change, one, event, heard)
    else if (one.alert.lastToldAt !== null) noteTold(one, one.alert.lastToldAt)
    if (step.change === 'resolved') open.delete(fingerprint)
  }

  const happen = (made: NewEvent, monitor: Monitor) => {
    const event = { ...made, id: nextId++ } as VigiaEvent
    const heard = new Set<string>()
    const rule = own.get(monitor.id)!
    if (rule.channelIds.length > 0 || isRecovery(event)) move(rule, event, monitor, heard)
    const looking = isRecovery(event)
      ? written.candidates(event.type)
      : written
          .matching(event.type, eventFields(event))
          .filter(
            ({ spec: { severity } }) => severity === null || severityRank(event.severity) >= severityRank(severity),
          )
          .filter(({ rate }) => !rate || rate.observe(event).reached)
    for (const one of looking) move(one, event, monitor, heard)
  }

  const look = (one: Open) => {
    one.alert = { ...one.alert, nextDueAt: null }
    tell('tick', one, undefined, new Set())
  }

  /** The clock goes on to a moment: reminders, what was held, what has calmed down. */
  const passTo = (moment: number) => {
    for (;;) {
      let next = Math.min(moment, lookAt === 0 ? Number.POSITIVE_INFINITY : lookAt)
      let due: Open | undefined
      for (const one of open.values())
        if (one.alert.nextDueAt !== null && one.alert.nextDueAt < next) {
          next = one.alert.nextDueAt
          due = one
        }
      now = Math.max(now, next)
      if (due) look(due)
      else if (lookAt !== 0 && next === lookAt) lookAround()
      else return
    }
  }

  /** It flaps, or waits for a look at a parent. */
  const waits = ({ alert }: Open) =>
    alert.facts.state === 'flapping' || (alert.lastToldAt === null && alert.nextDueAt !== null)

  const lookAround = () => {
    for (const id of network.calmed(now)) {
      const monitor = known.get(id)?.monitor
      const state = network.state(id)
      if (monitor && state !== 'unknown')
        happen(
          calmEvent(monitor, '', { state, at: now, since: now, code: 'ok', cause: undefined, sentence: '' }),
          monitor,
        )
    }
    const settled = new Set(network.settled())
    for (const one of open.values()) if (settled.has(one.monitor.id) && one.alert.lastToldAt === null) look(one)
    lookAt = [...open.values()].some(waits) ? now + LOOK_EVERY_MS : 0
  }

  /** What waited for a parent is looked at again when that has been back for a while. */
  const wakeBelow = ({ monitorId, from, at }: WordedTransition) => {
    if (from !== 'down') return
    const below = new Set(network.below(monitorId))
    if (below.size === 0) return
    for (const one of open.values())
      if (below.has(one.monitor.id) && one.alert.nextDueAt === null)
        one.alert = { ...one.alert, nextDueAt: at + PARENT_GRACE_MS }
  }

  const noteOutage = ({ monitorId, to: state, since, at }: WordedTransition) => {
    const those = outages.get(monitorId) ?? []
    outages.set(monitorId, those)
    const last = those.at(-1)
    if (state === 'down' && last?.until !== null) those.push({ since, until: null, toldAt: null, behind: false })
    else if ((state === 'up' || state === 'degraded') && last?.until === null) last.until = at
  }

  for (const change of changes) {
    const monitor = known.get(change.monitorId)?.monitor
    if (!monitor) continue
    passTo(change.at)
    const flapped = network.flaps(monitor.id)
    network.note(change)
    const event = monitorEvent(monitor, change, '')
    const flaps = change.to === 'unknown' ? undefined : network.flaps(monitor.id)
    if (change.to === 'down') noteOutage(change)
    happen(flaps ? flappingEvent(event, { stage: flapped ? 'goes_on' : 'began', ...flaps }) : event, monitor)
    if (change.to !== 'down') noteOutage(change)
    wakeBelow(change)
    if (lookAt === 0 && [...open.values()].some(waits)) lookAt = now + LOOK_EVERY_MS
  }
  passTo(to)
  return { messages, outages }
}

const NEVER: Unwell = { from: [], to: [] }
