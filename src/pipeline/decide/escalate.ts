import type { Alert } from '#core/alert/alert.ts'
import { escalationDueAt, severitiesOf, stepKey } from '#core/alert/escalation.ts'
import { isWorse, notifyReason } from '#core/alert/notify-reason.ts'
import type { Repositories } from '#storage/index.ts'
import { tell } from './notify.ts'
import { quietContext } from './quiet-stages.ts'
import type { KnownStep, TickDeps } from './tick-deps.ts'

/** Alerts read at once. */
const BATCH = 500

type EscalateDeps = Pick<TickDeps, 'quiets' | 'network' | 'ruleOf'>

/** Open alerts that may be due by a step, page by page. */
async function* candidates(step: KnownStep, now: number, { alerts }: Pick<Repositories, 'alerts'>, limit = BATCH) {
  const wanted = { openedBefore: now - step.afterMs, severities: severitiesOf(step), step: stepKey(step), now, limit }
  for (let afterId = 0; ; ) {
    const page = await alerts.unattended({ ...wanted, afterId })
    yield* page
    if (page.length < limit) return
    afterId = page.at(-1)!.id
  }
}

/** Another open alert of the same monitor has told this step already, and this one is no worse: two rules are one trouble. */
const isToldByAnother = async (
  { id, monitorId, severity }: Alert,
  step: KnownStep,
  { alerts }: Pick<Repositories, 'alerts'>,
): Promise<boolean> =>
  monitorId !== null &&
  (await alerts.firingOfMonitor(monitorId)).some(
    (other) => other.id !== id && other.escalated.includes(stepKey(step)) && !isWorse(severity, other.severity),
  )

/** Tells the channels of a step of one alert, once; not while anything keeps the alert quiet. */
const escalateOne = async (
  alert: Alert,
  step: KnownStep,
  now: number,
  { quiets, network, ruleOf }: EscalateDeps,
  repositories: Repositories,
): Promise<boolean> => {
  const known = ruleOf(alert)
  if (!known) return false
  const input = { ...known, change: 'unattended', alert, event: undefined, quiets: quiets(), network, now } as const
  const { reason } = notifyReason('unattended', alert, known.rule, now, quietContext(input))
  if (reason === null) return false
  const firstToldAt = (await repositories.notifications.firstToldAt(alert.id)) ?? alert.openedAt
  const dueAt = escalationDueAt(alert, firstToldAt, step, now)
  if (dueAt === null || dueAt > now) return false
  // News of a failing channel never goes by that channel.
  const channelIds = step.channelIds.filter((id) => id !== alert.facts.channel_id)
  const { id, lastToldAt, reminders, nextDueAt } = alert
  const isTold = await isToldByAnother(alert, step, repositories)
  await repositories.alerts.update(id, { escalated: [...alert.escalated, stepKey(step)] })
  if (isTold) return false
  // Reminders go on as they were.
  await tell({ reason, channelIds, patch: { lastToldAt, reminders, nextDueAt } }, alert, input, repositories)
  return channelIds.length > 0
}

/** True when any step may be due: a read, so that most turns of the clock cost no disk flush. */
export const mayEscalate = async (
  now: number,
  steps: readonly KnownStep[],
  repositories: Pick<Repositories, 'alerts'>,
): Promise<boolean> => {
  for (const step of steps) for await (const _ of candidates(step, now, repositories, 1)) return true
  return false
}

/** Tells who comes next of what nobody has acknowledged for as long as a step waits. True when it told anything. */
export const escalate = async (
  now: number,
  steps: readonly KnownStep[],
  deps: EscalateDeps,
  repositories: Repositories,
): Promise<boolean> => {
  let told = false
  for (const step of steps) {
    // Read before the first change, for a page must not move under its reader.
    const due = await Array.fromAsync(candidates(step, now, repositories))
    for (const { id } of due) {
      // An earlier step of the same turn may have changed it.
      const alert = (await repositories.alerts.byId(id))!
      told = (await escalateOne(alert, step, now, deps, repositories)) || told
    }
  }
  return told
}
