import { randomUUID } from 'node:crypto'
import type { DeliveryOutcome } from '#core/channel.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import { attemptOf } from '#pipeline/tell/attempt.ts'
import type { Repositories } from '#storage/index.ts'
import { UNCOUNTED_SUFFIX } from '#storage/outbox.ts'

/** What a test of a channel came to. */
export interface TestResult {
  readonly outcome: DeliveryOutcome
  readonly durationMs: number
}

/** What a test message says that is about nothing, for the record that it was sent. */
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

interface KeptTest {
  readonly channelId: number
  readonly at: number
  readonly result: TestResult
  /** What it was about; absent: nothing. */
  readonly facts?: NotificationFacts
  /** It counts among the deliveries of its channel, as the older panel counts its tests. */
  readonly counted?: boolean
}

/** Keeps a test in the history of what was sent; its id there. Its reason keeps it out of figures and of the older log. */
export const keepTest = async (
  { channelId, at, result, facts, counted = false }: KeptTest,
  notifications: Repositories['notifications'],
): Promise<number> => {
  const payload = facts ?? { ...TEST_FACTS, since: at }
  const uid = counted ? {} : { uid: `${randomUUID()}${UNCOUNTED_SUFFIX}` }
  const [id] = await notifications.insert([
    { ...uid, alertId: null, channelId, reason: 'test', payload, createdAt: at },
  ])
  const attempt = attemptOf(at, result.durationMs, result.outcome)
  const after = { status: attempt.ok ? 'delivered' : 'failed' } as const
  await notifications.settle([{ id: id!, attempt, after, reference: null }])
  return id!
}
