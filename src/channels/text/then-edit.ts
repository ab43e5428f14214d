import type { DeliveryOutcome } from '#core/channel.ts'

/** An edit is a courtesy: it may not keep the outbox waiting for long. */
export const EDIT_TIMEOUT_MS = 5000

/**
 * After a message that was delivered, changes an earlier one. What comes of that is a step of the delivery and no more:
 * the news has been told.
 */
export const thenEdit = async (
  outcome: DeliveryOutcome,
  edit: () => Promise<DeliveryOutcome>,
): Promise<DeliveryOutcome> => {
  if (!outcome.ok) return outcome
  const started = performance.now()
  const edited = await edit()
  const ms = Math.round((performance.now() - started) * 10) / 10
  const said = edited.ok ? { detail: 'the first message' } : { cause: edited.cause }
  return { ...outcome, steps: [...(outcome.steps ?? []), { name: 'edit', ms, ...said }] }
}
