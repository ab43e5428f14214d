import type { StepFacts, StepName } from '#core/result/found.ts'
import type { ProbeStep } from '#core/result/result.ts'

/** Collects the steps of one look; costs nothing where nobody asked for them. */
export const createTracer = (trace: boolean) => {
  const steps: ProbeStep[] = []
  return {
    step: (name: StepName, ms: number, facts: StepFacts = {}) => {
      if (trace) steps.push({ name, ms: Math.round(ms * 1000) / 1000, ...facts })
    },
    /** What to spread into the outcome. */
    steps: (): { steps?: readonly ProbeStep[] } => (trace ? { steps } : {}),
  }
}
export type Tracer = ReturnType<typeof createTracer>
