import type { Cause } from '#core/cause/cause.ts'
import { codeFields } from '#core/cause/cause-fields.ts'
import type { StepFact } from '#core/result/found.ts'
import type { ProbeError, ProbeOutcome, ProbeStep } from '#core/result/result.ts'
import { inEnglish } from './said.ts'

type Plain = Exclude<StepFact, object> | null

const plain = (fact: StepFact): Plain => (fact !== null && typeof fact === 'object' ? inEnglish(fact) : fact)

const isCauseFact = (entry: readonly [string, StepFact]): entry is [string, Cause] =>
  entry[1] !== null && typeof entry[1] === 'object'

/** A step as programs are told: its facts, a cause among them in English, and in `causes` what that is made of. */
export const stepView = ({ name, ms, ...facts }: ProbeStep) => {
  const causes = Object.entries(facts).filter(isCauseFact)
  return {
    name,
    ms,
    ...Object.fromEntries(Object.entries(facts).map(([fact, value]) => [fact, plain(value)])),
    ...(causes.length > 0 && { causes: Object.fromEntries(causes.map(([fact, cause]) => [fact, codeFields(cause)])) }),
  }
}

/** Why a look failed: code, English sentence, and what that is made of. */
const errorView = ({ code, cause }: ProbeError) => ({
  code,
  message: inEnglish(cause),
  ...codeFields(cause),
})

/** What a look found beside whether it is well, as the API and `vigia check` tell it. */
export const outcomeView = ({ latencyMs, error, steps = [], facts = {} }: ProbeOutcome) => ({
  latency_ms: latencyMs ?? null,
  error: error ? errorView(error) : null,
  steps: steps.map(stepView),
  facts,
})
