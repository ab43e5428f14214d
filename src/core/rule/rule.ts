import { own } from '#lib/own.ts'
import type { Alert } from '../alert/alert.ts'
import { fingerprintOf } from '../alert/alert.ts'
import type { NotifyPolicy } from '../alert/notify-reason.ts'
import { beginningOf, sinceOf, type VigiaEvent } from '../event/event.ts'
import { PROMETHEUS_EVENT, PROMETHEUS_SOURCE } from '../event/prometheus-alert.ts'
import type { Monitor } from '../monitor/monitor.ts'
import type { RateOptions } from './rate.ts'

/** What decides about an event, in the shape that the evaluator reads: a written rule, or the one a monitor carries. */
export interface Rule extends NotifyPolicy {
  /** Null for a monitor's own rule, which has no row. */
  readonly id: number | null
  readonly name: string | null
  readonly monitorId: number | null
  readonly channelIds: readonly number[]
  /** `rule`: one cooldown for all its subjects together. */
  readonly cooldownScope: 'subject' | 'rule'
  /** Fields whose values an alert is about in place of the event's subject: a wave of bans is about a jail. */
  readonly subjectBy?: readonly string[] | undefined
  /** So many events in what time open its alert; absent: each one does. */
  readonly rateAsked?: RateOptions | undefined
  /** Without a new event for so long its alert ends; null for never. */
  readonly resolveAfterMs: number | null
}

/** The rule that a monitor carries by naming channels. */
export const monitorRule = (monitor: Monitor, channelIds: readonly number[]): Rule => ({
  id: null,
  name: null,
  monitorId: monitor.id,
  channelIds,
  reminderMs: monitor.reminderMs,
  cooldownMs: 0,
  cooldownScope: 'subject',
  resolveAfterMs: null,
  repeats: true,
  notifyRecovery: monitor.notifyRecovery,
})

/** What an event does to the alert of a rule and subject. */
export type AlertEffect =
  | { readonly kind: 'open'; readonly since: number }
  /** `telling` false: it is recorded, but is no news (the same trouble again). */
  | { readonly kind: 'update'; readonly alert: Alert; readonly telling: boolean }
  | { readonly kind: 'resolve'; readonly alert: Alert }
  | { readonly kind: 'none' }

const TROUBLE = new Set(['down', 'degraded'])

/**
 * What a change of a monitor's state does to its alert. Losing sight of a target (`unknown`) neither opens nor ends
 * anything; trouble of the same kind seen again after that is the same episode.
 */
const monitorEffect = (event: VigiaEvent, open: Alert | undefined): AlertEffect => {
  const state = String(event.data.state)
  if (typeof event.data.flapping === 'string') {
    // One episode from the first change to the calm, whatever it does in between.
    if (!open) return { kind: 'open', since: Number(event.data.since ?? event.at) }
    return { kind: 'update', alert: open, telling: event.data.flapping === 'began' }
  }
  if (TROUBLE.has(state)) {
    if (!open) return { kind: 'open', since: sinceOf(event, event.at) }
    return { kind: 'update', alert: open, telling: open.facts.state !== state }
  }
  return state === 'up' && open ? { kind: 'resolve', alert: open } : { kind: 'none' }
}

/**
 * True when the event says that what it is about has ended: a monitor that is up again, or a source that says so by
 * `status`, or where it has none by `state`.
 */
export const isRecovery = ({ type, data }: Pick<VigiaEvent, 'type' | 'data'>): boolean =>
  type === 'monitor_state'
    ? data.state === 'up' && data.flapping === undefined
    : (data.status ?? data.state) === 'resolved'

/** What an event does under a rule, given the rule's open alert for the same subject. Pure. */
export const effectOf = (event: VigiaEvent, open: Alert | undefined): AlertEffect => {
  if (event.type === 'monitor_state') return monitorEffect(event, open)
  if (isRecovery(event)) return open ? { kind: 'resolve', alert: open } : { kind: 'none' }
  return open ? { kind: 'update', alert: open, telling: true } : { kind: 'open', since: beginningOf(event) }
}

/** What an event is about under a rule. */
export const subjectOf = ({ subjectBy }: Rule, { subject, data }: Pick<VigiaEvent, 'subject' | 'data'>): string =>
  subjectBy === undefined ? subject : subjectBy.map((field) => String(own(data, field) ?? '-')).join(' ')

/** Where one subject may have several troubles at once, the field that tells them apart. */
const EPISODE_FIELD: Readonly<Record<string, string>> = {
  [PROMETHEUS_EVENT]: 'fingerprint',
  port_state: 'problem',
  vigia_late: 'about',
  vigia_storage: 'about',
}

/** The episode's identity for an event under a rule. */
export const ruleFingerprint = (rule: Rule, event: VigiaEvent): string => {
  const subject = subjectOf(rule, event)
  if (rule.subjectBy) return fingerprintOf(rule.id, null, subject)
  const field = own(EPISODE_FIELD, event.type)
  const value = field === undefined ? undefined : event.data[field]
  if (typeof value !== 'string') return fingerprintOf(rule.id, event.monitorId, subject)
  // What somebody posts under the type is an episode of its own: it must not end one of Alertmanager's.
  const posted = event.type === PROMETHEUS_EVENT && event.source !== PROMETHEUS_SOURCE
  return fingerprintOf(rule.id, event.monitorId, `${subject} ${posted ? `${event.source}:` : ''}${value}`)
}
