import { codeFields } from '#core/cause/cause-fields.ts'
import type { ProbeError, ProbeOutcome, ProbeStep, StepFact } from '#core/result/result.ts'
import { inEnglish } from './said.ts'

type Plain = Exclude<StepFact, object> | null

const plain = (fact: StepFact): Plain => (fact !== null && typeof fact === 'object' ? inEnglish(fact) : fact)

/** A step with its facts as people read them. */
export const stepView = (step: ProbeStep): Readonly<Record<string, Plain>> & Pick<ProbeStep, 'name' | 'ms'> => ({
  ...Object.fromEntries(Object.entries(step).map(([name, fact]) => [name, plain(fact)])),
  name: step.name,
  ms: step.ms,
})

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
