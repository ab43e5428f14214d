import { alertStep } from '#core/alert/alert-step.ts'
import { nextReminderAt } from '#core/alert/notify-reason.ts'
import { because } from '#core/cause/cause.ts'
import { aboutOf } from '#core/event/about.ts'
import { notificationFacts } from '#core/message/notification-facts.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { monitorEvent } from '#core/monitor/monitor-event.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { monitorRule } from '#core/rule/rule.ts'
import type { WasDown } from '#importers/import-plan.ts'
import type { Repositories } from '#storage/index.ts'
import { worded } from '#templates/said.ts'

/** What was down elsewhere and of which people know: it stays so, and its end is told to those who know. */
export interface KnownOutage {
  readonly monitor: Monitor
  /** What it looks at, for people. */
  readonly target: string
  readonly was: WasDown
  readonly tool: string
  readonly channelIds: readonly number[]
}

/** The messages that the other tool sent, as ours: delivered by it, so that their end is told and they are not. */
const tellAgain = async (
  ids: readonly number[],
  toldAt: number,
  { notifications }: Pick<Repositories, 'notifications'>,
) => {
  const attempt = { at: toldAt, durationMs: 0, ok: true, code: null, failure: null, error: null, response: null }
  await notifications.settle(
    ids.map((id) => ({
      id,
      attempt,
      after: { status: 'delivered' as const },
      reference: null,
    })),
  )
}

/** Takes over outages that another tool told: state, alert, and the messages that went. Nobody is told again. */
export const takeOverOutages = async (
  outages: readonly KnownOutage[],
  now: number,
  repositories: Repositories,
): Promise<void> => {
  const { transitions, states, events, alerts, notifications } = repositories
  const changes = outages.map(({ monitor, was, tool }) => {
    const since = Math.min(was.since ?? now, now)
    const transition: Transition = {
      monitorId: monitor.id,
      from: 'unknown',
      to: 'down',
      at: now,
      since,
      previousSince: since,
      code: 'unreachable',
      cause: because('import_down_in', { tool }),
      facts: {},
    }
    return worded(transition)
  })
  await transitions.insertAll(changes)
  await states.saveAll(changes)
  const stored = await events.insertAll(
    outages.map(({ monitor, target }, index) => monitorEvent(monitor, changes[index]!, target)),
  )
  for (const [index, { monitor, was, channelIds }] of outages.entries()) {
    const event = stored[index]!
    const rule = monitorRule(monitor, channelIds)
    const step = alertStep(event, rule, undefined, now)
    if (!step) continue
    const toldAt = Math.min(was.toldAt ?? was.since ?? now, now)
    const told = {
      lastToldAt: toldAt,
      toldSeverity: event.severity,
      toldState: 'down',
      // What is due by the old word would be told at the first look: reminders begin anew.
      nextDueAt: nextReminderAt(rule, { lastToldAt: now, reminders: 0 }),
    }
    const alert = await alerts.open({ ...step.alert, ...(channelIds.length > 0 && told) })
    const payload = notificationFacts(alert, event, monitor, rule)
    const about = aboutOf(alert)
    const first = { alertId: alert.id, about, reason: 'first' as const, payload, createdAt: toldAt }
    const ids = await notifications.insert(channelIds.map((channelId) => ({ ...first, channelId })))
    await tellAgain(ids, toldAt, repositories)
  }
}
