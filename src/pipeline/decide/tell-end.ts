import type { Alert } from '#core/alert/alert.ts'
import { tellsEnd } from '#core/alert/notify-reason.ts'
import { aboutOf } from '#core/event/about.ts'
import { notificationFacts } from '#core/message/notification-facts.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Rule } from '#core/rule/rule.ts'
import type { Repositories } from '#storage/index.ts'

type EndingRule = Pick<Rule, 'id' | 'name' | 'notifyRecovery' | 'recoveryOfSource'>

export interface End {
  /** As it is when it is over. */
  readonly alert: Alert
  /** By which its end is told, or is not. */
  readonly rule: EndingRule
  readonly monitor: Monitor | undefined
  /** Who was told of it, of those whom this end concerns. */
  readonly channelIds: readonly number[]
}

/**
 * Tells an end that no event brought: of what was paused, taken out, put back or watches something else. Whom that concerns
 * knows the caller; not who was never told, and nobody where the rule tells no ends. True when anybody is told.
 */
export const tellEnd = async (
  { alert, rule, monitor, channelIds }: End,
  now: number,
  { notifications }: Pick<Repositories, 'notifications'>,
): Promise<boolean> => {
  if (channelIds.length === 0 || alert.lastToldAt === null || !tellsEnd(rule, alert)) return false
  const payload = notificationFacts(alert, undefined, monitor, rule)
  const shared = { alertId: alert.id, about: aboutOf(alert), reason: 'resolved', payload, createdAt: now } as const
  await notifications.insert(channelIds.map((channelId) => ({ ...shared, channelId })))
  return true
}
