import { nextReminderAt } from '#core/alert/notify-reason.ts'
import type { Repositories } from '#storage/index.ts'
import { endAlert } from './end-alert.ts'
import { escalate, mayEscalate } from './escalate.ts'
import { knownElsewhere } from './known-elsewhere.ts'
import { tellNewcomers } from './newcomers.ts'
import { type NotifyInput, notify } from './notify.ts'
import type { TickDeps } from './tick-deps.ts'
import { createToldNow, type ToldNow } from './told-now.ts'

/** Alerts looked at in one transaction. */
const BATCH = 500

/** Ends what had no new event for as long as its rule waits. */
const endSilently = async (now: number, deps: TickDeps, repositories: Repositories): Promise<boolean> => {
  let told = false
  for (const ended of await repositories.alerts.ending(now, BATCH))
    told = (await endAlert(ended, 'time', ended.resolveAt!, now, deps, repositories)) || told
  return told
}

/** What the clock finds about one alert: who does not know of it is told that it began, the others what is due. */
const lookAgain = async (
  input: NotifyInput & { readonly told: ToldNow },
  repositories: Repositories,
): Promise<boolean> => {
  const { alert, rule, now, told } = input
  const newcomers = await tellNewcomers(input, repositories)
  if (newcomers.length > 0 && newcomers.length === rule.channelIds.length) {
    const nextDueAt = nextReminderAt(rule, { lastToldAt: now, reminders: alert.reminders })
    await repositories.alerts.update(alert.id, { lastToldAt: now, nextDueAt })
    return true
  }
  for (const id of newcomers) told.add(id, 'reminder')
  if (alert.lastToldAt === null) for (const id of await knownElsewhere(alert, repositories)) told.knows(id)
  const { detail } = await notify(input, repositories)
  return newcomers.length > 0 || 'notifications' in detail
}

/** Tells again of what is still firing when its reminder is due, and of what a quiet time had held back. */
const remind = async (now: number, deps: TickDeps, repositories: Repositories): Promise<boolean> => {
  let told = false
  // What becomes due in the same look had waited for the same thing.
  const together = `tick ${now}`
  const toldOf = new Map<number | null, ToldNow>()
  for (const alert of await repositories.alerts.due(now, BATCH)) {
    const known = deps.ruleOf(alert)
    if (!known) {
      await repositories.alerts.update(alert.id, { nextDueAt: null })
      continue
    }
    const input = {
      ...known,
      change: 'tick',
      alert,
      event: undefined,
      quiets: deps.quiets(),
      network: deps.network,
      correlated: deps.correlated,
      now,
      together,
      told: (alert.monitorId === null ? undefined : toldOf.get(alert.monitorId)) ?? createToldNow(),
    } as const
    toldOf.set(alert.monitorId, input.told)
    told = (await lookAgain(input, repositories)) || told
  }
  return told
}

/** The clock's part of the pipeline. True when it told anything. */
export const tick = async (now: number, deps: TickDeps): Promise<boolean> => {
  const { alerts } = deps.storage
  // Most ticks find nothing: a read costs no disk flush.
  const [due, ending] = [await alerts.due(now, 1), await alerts.ending(now, 1)]
  const steps = deps.escalation?.() ?? []
  if (due.length === 0 && ending.length === 0 && !(await mayEscalate(now, steps, deps.storage))) return false
  return deps.storage.transaction(async (repositories) => {
    const ended = await endSilently(now, deps, repositories)
    const reminded = await remind(now, deps, repositories)
    const escalated = await escalate(now, steps, deps, repositories)
    return ended || reminded || escalated
  })
}
