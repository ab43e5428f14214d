import type { DeliveryOutcome, DeliveryStep } from '#core/channel.ts'
import { excerpt } from './text.ts'

export type Failure = Extract<DeliveryOutcome, { ok: false }>
/** A failure before it is put together with the steps and the server's answer. */
export type Explanation = Pick<Failure, 'kind' | 'reason' | 'message' | 'cure'>

export const permanent = (reason: Failure['reason'], message: string, cure?: string): Explanation => ({
  kind: 'permanent',
  reason,
  message,
  ...(cure !== undefined && { cure }),
})

export const transient = (reason: Failure['reason'], message: string, cure?: string): Explanation => ({
  ...permanent(reason, message, cure),
  kind: 'transient',
})

/** A delivery that the caller's signal ended; the outbox tries it again. */
export const stopped = (): Explanation => transient('connection_lost', 'Sending was stopped before it was finished.')

/** Notes the steps of a delivery: `mark` ends the step that began when the one before ended. */
export const createSteps = () => {
  const steps: DeliveryStep[] = []
  let last = performance.now()
  return {
    steps: steps as readonly DeliveryStep[],
    mark: (name: string, detail?: string) => {
      const now = performance.now()
      const ms = Math.round((now - last) * 10) / 10
      last = now
      steps.push({ name, ms, ...(detail !== undefined && { detail: excerpt(detail) }) })
    },
  }
}
export type Steps = ReturnType<typeof createSteps>
