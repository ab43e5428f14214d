import type { Alert } from '#core/alert/alert.ts'
import { type Matcher, matches } from '#core/rule/matcher.ts'
import type { Storage } from '#storage/index.ts'
import { factsOf } from './quiet-stages.ts'
import type { Registry } from './registry.ts'

/** Open alerts that a silence with these matchers would mute. */
export const mutedBy = async (
  matchers: readonly Matcher[],
  { storage, registry }: { readonly storage: Pick<Storage, 'alerts'>; readonly registry: Pick<Registry, 'ruleOf'> },
): Promise<readonly Alert[]> =>
  (await storage.alerts.firingAll()).filter((alert) => {
    const known = registry.ruleOf(alert)
    return known !== undefined && matches(matchers, factsOf(alert, known.rule, undefined, known.monitor))
  })
