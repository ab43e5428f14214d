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

/** The clock's part: tells again of what is still firing when its reminder is due. */
export const remindDue = async (now: number, { storage, ruleOf }: RemindDeps): Promise<void> =>
  storage.transaction(async (repositories) => {
    for (const alert of await repositories.alerts.due(now, BATCH)) {
      const known = ruleOf(alert)
      if (known) await notify({ ...known, change: 'tick', alert, event: undefined, now }, repositories)
      else await repositories.alerts.update(alert.id, { nextDueAt: null })
    }
  })
