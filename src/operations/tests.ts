import type { Explanation } from '#core/alert/explanation.ts'
import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import type { DeliveryOutcome } from '#core/channel.ts'
import { labelsOf, type NewEvent } from '#core/event/event.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { notThere, type Outcome } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import { keepTest, type TestResult } from './channel-test.ts'
import { changed, type Operate } from './operation.ts'

export interface TestDeps {
  readonly operate: Operate
  readonly channels: () => readonly Channel[]
  /** Sends one test message that is about `facts`, once. */
  readonly sendTest: (channel: Channel, facts: NotificationFacts) => Promise<DeliveryOutcome>
  /** What would become of an event, of which nothing stays. */
  readonly wouldHear: (event: NewEvent) => Promise<Explanation>
  readonly now: () => number
}

/** What is tried: an event as `testEvent` makes one, and the monitor that it is about. */
interface Trial {
  readonly event: NewEvent
  readonly about?: { readonly monitor: Monitor; readonly target: string } | undefined
  /** The one channel that it is sent to, by id; absent: all that are enabled. */
  readonly channelId?: number | undefined
}

export interface ChannelTest extends TestResult {
  readonly channel: Pick<Channel, 'id' | 'name'>
  /** Where it stands in the history of what was sent. */
  readonly notificationId: number
}

export interface TestReport {
  /** What each rule would have made of it: nothing of that was done. */
  readonly explanation: Explanation
  readonly channels: readonly ChannelTest[]
}

/** A test of the whole way: who would hear of an event, and whether the channels work. */
export interface TestOperations {
  /** Sends it to the channels whether a rule hears of it or not, and waits for each one's answer. */
  send(by: By, trial: Trial): Promise<Outcome<TestReport>>
}

const LOCKED: DeliveryOutcome = {
  ok: false,
  kind: 'permanent',
  reason: 'key_missing',
  cause: because('channel_locked'),
  cure: helps('bring_back_the_key'),
}

const MONITOR_STATE = 'monitor_state'
const DOWN = { state: 'down', previousState: 'up' } as const
const NOTHING = { monitor: null, target: null, state: null, previousState: null, cause: null, rule: null } as const

const factsOf = ({ event, about }: Trial): NotificationFacts => {
  const { severity, subject, at, type, data } = event
  const shared = { ...NOTHING, severity, subject, since: at }
  if (!about && type !== MONITOR_STATE) return { ...shared, labels: labelsOf(data), event: { type, data } }
  if (!about) return { ...shared, ...DOWN, monitor: subject, target: String(data.target), labels: {} }
  const { monitor, target } = about
  const { description, location, runbook, labels } = monitor
  return {
    ...shared,
    ...DOWN,
    monitor: monitor.name,
    target,
    labels,
    ...(description && { description }),
    ...(location && { location }),
    ...(runbook && { runbook }),
  }
}

export const createTestOperations = ({ operate, channels, sendTest, wouldHear, now }: TestDeps): TestOperations => ({
  send: async (by, trial) => {
    const { channelId } = trial
    const wanted = channels().filter(({ id, enabled }) => (channelId === undefined ? enabled : id === channelId))
    if (channelId !== undefined && wanted.length === 0) return notThere('channel')
    const explanation = await wouldHear(trial.event)
    const facts = factsOf({ ...trial, event: explanation.event })
    const at = now()
    const tried = await Promise.all(
      wanted.map(async (channel) => {
        const started = performance.now()
        const outcome = channel.locked ? LOCKED : await sendTest(channel, facts)
        return { channel, result: { outcome, durationMs: performance.now() - started } }
      }),
    )
    return operate(by, async ({ notifications }) => {
      const sent: ChannelTest[] = []
      for (const { channel, result } of tried) {
        const notificationId = await keepTest({ channelId: channel.id, at, result, facts }, notifications)
        sent.push({ channel, notificationId, ...result })
      }
      const details = {
        type: trial.event.type,
        severity: trial.event.severity,
        channels: sent.map((one) => one.channel.name),
      }
      return changed({ explanation, channels: sent }, { action: 'test', object: 'alert', objectId: null, details })
    })
  },
})
