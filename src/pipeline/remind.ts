import type { Alert } from '#core/alert.ts'
import type { Monitor } from '#core/monitor.ts'
import type { Rule } from '#core/rule.ts'
import type { Storage } from '#storage/index.ts'
import { notify } from './notify.ts'

export interface RemindDeps {
  readonly storage: Storage
  /** The rule that an alert belongs to, and its monitor; undefined when the rule is gone. */
  readonly ruleOf: (alert: Alert) => { readonly rule: Rule; readonly monitor: Monitor | undefined } | undefined
}

/** Alerts looked at in one transaction. */
const BATCH = 500

/** The clock's part: tells again of what is still firing when its reminder is due. True when it told anything. */
export const remindDue = async (now: number, { storage, ruleOf }: RemindDeps): Promise<boolean> => {
  // Most ticks find nothing: a read costs no disk flush.
  if ((await storage.alerts.due(now, 1)).length === 0) return false
  return storage.transaction(async (repositories) => {
    let told = false
    for (const alert of await repositories.alerts.due(now, BATCH)) {
      const known = ruleOf(alert)
      if (!known) {
        await repositories.alerts.update(alert.id, { nextDueAt: null })
        continue
      }
      const decision = await notify({ ...known, change: 'tick', alert, event: undefined, now }, repositories)
      told ||= decision.reason !== null
    }
    return told
  })
}
