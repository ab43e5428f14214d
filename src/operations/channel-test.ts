import type { DeliveryOutcome } from '#core/channel.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import { attemptOf } from '#pipeline/tell/attempt.ts'
import type { Repositories } from '#storage/index.ts'

/** What a test of a channel came to. */
export interface TestResult {
  readonly outcome: DeliveryOutcome
  readonly durationMs: number
}

/** What a test message says, for the record that it was sent. */
const TEST_FACTS: NotificationFacts = {
  severity: 'LOW',
  subject: 'Vigía',
  monitor: null,
  target: null,
  state: null,
  previousState: null,
  since: 0,
  cause: null,
  labels: {},
  rule: null,
}

/** Keeps a test of a channel like any delivery, so that it counts; its reason keeps it out of the log. */
export const keepTest = async (
  channelId: number,
  at: number,
  result: TestResult,
  notifications: Repositories['notifications'],
): Promise<void> => {
  const payload = { ...TEST_FACTS, since: at }
  const [id] = await notifications.insert([{ alertId: null, channelId, reason: 'test', payload, createdAt: at }])
  const attempt = attemptOf(at, result.durationMs, result.outcome)
  const after = { status: attempt.ok ? 'delivered' : 'failed' } as const
  await notifications.settle([{ id: id!, attempt, after, reference: null }])
}
