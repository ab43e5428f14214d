import { compileRule, type RuleSpec } from '#core/rule/rule-spec.ts'

/** A rule that was never saved, ready to look at events: for a back-test or a preview. */
export const unsavedRule = (spec: RuleSpec) =>
  compileRule({
    ...spec,
    id: 0,
    triggers: 0,
    lastTriggeredAt: null,
    createdAt: 0,
    createdBy: null,
    updatedAt: 0,
    updatedBy: null,
  })
