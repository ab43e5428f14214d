import { because, type Cause } from '#core/cause/cause.ts'
import type { Cure } from '#core/cause/delivery-cures.ts'
import type { DeliveryOutcome, DeliveryStep } from '#core/channel.ts'
import { excerpt } from './text.ts'

export type Failure = Extract<DeliveryOutcome, { ok: false }>
/** A failure before it is put together with the steps and the server's answer. */
export type Explanation = Pick<Failure, 'kind' | 'reason' | 'cause' | 'cure'>

export const permanent = (reason: Failure['reason'], cause: Cause, cure?: Cure): Explanation => ({
  kind: 'permanent',
  reason,
  cause,
  ...(cure !== undefined && { cure }),
})

export const transient = (reason: Failure['reason'], cause: Cause, cure?: Cure): Explanation => ({
  ...permanent(reason, cause, cure),
  kind: 'transient',
})

/** A delivery that the caller's signal ended; the outbox tries it again. */
export const stopped = (): Explanation => transient('connection_lost', because('delivery_stopped'))

/** Notes the steps of a delivery: `mark` ends the step that began when the one before ended. */
export const createSteps = () => {
  const steps: DeliveryStep[] = []
  let last = performance.now()
  return {
    steps: steps as readonly DeliveryStep[],
    mark: (name: string, detail?: string | Cause) => {
      const now = performance.now()
      const ms = Math.round((now - last) * 10) / 10
      last = now
      if (typeof detail === 'string') steps.push({ name, ms, detail: excerpt(detail) })
      else steps.push({ name, ms, ...(detail && { cause: detail }) })
    },
  }
}
export type Steps = ReturnType<typeof createSteps>
