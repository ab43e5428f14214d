import type { Alert } from '#core/alert/alert.ts'
import { quietFor } from '#core/rule/matcher.ts'
import type { Silence } from '#storage/silences.ts'
import { factsOf } from './quiet-stages.ts'
import type { QuietBook } from './quiets.ts'
import type { Registry } from './registry.ts'

/** The silence that mutes what is told of an open alert now, with who made it; undefined when none does. */
export const silenceOf = (
  alert: Alert,
  now: number,
  { quiets, registry }: { readonly quiets: Pick<QuietBook, 'current'>; readonly registry: Pick<Registry, 'ruleOf'> },
): Silence | undefined => {
  const known = alert.status === 'firing' ? registry.ruleOf(alert) : undefined
  return known && quietFor(quiets.current().silences, factsOf(alert, known.rule, undefined, known.monitor), now)
}
