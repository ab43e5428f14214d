import type { NewEvent, VigiaEvent } from '#core/event.ts'
import type { Json } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { type EvaluateInput, evaluate, type Findings, newFindings } from './evaluate.ts'
import type { Quiets } from './quiets.ts'
import type { Registry } from './registry.ts'

export interface IngestDeps {
  readonly storage: Storage
  readonly registry: Registry
  readonly quiets: () => Quiets
  readonly now: () => number
  readonly tooOldMs: number
  /** Called when something was told, after the commit. */
  readonly wake: () => void
  /** Hears of every stored event, after the commit. */
  readonly onEvents?: (events: readonly VigiaEvent[]) => void
}

/** Stores what evaluating found out. */
export const storeFindings = async (
  { decisions, triggers }: Findings,
  now: number,
  repositories: Repositories,
): Promise<void> => {
  if (decisions.length > 0) await repositories.decisions.insert(decisions)
  for (const [ruleId, times] of triggers) await repositories.rules.triggered(ruleId, times, now)
}

/** What looks at an event, as it is configured now. */
export const lookersOf = (
  event: VigiaEvent,
  { registry, quiets, now, tooOldMs }: Pick<IngestDeps, 'registry' | 'quiets' | 'now' | 'tooOldMs'>,
): EvaluateInput => {
  const known = event.monitorId === null ? undefined : registry.monitor(event.monitorId)
  const own = known && known.rule.channelIds.length > 0 ? known.rule : undefined
  return {
    event,
    own,
    rules: registry.rules,
    monitor: known?.monitor,
    quiets: quiets(),
    now: now(),
    tooOldMs,
  }
}

/**
 * The door through which every event comes from outside: stores and evaluates them in one transaction, so that what was
 * acknowledged to the sender has also been decided. Returns the ids, in order. With a key, a repeat within its life
 * answers the same ids and does nothing.
 */
export const createIngest =
  (deps: IngestDeps) =>
  async (events: readonly NewEvent[], key?: string): Promise<readonly number[]> => {
    const { storage, wake, onEvents } = deps
    let stored: readonly VigiaEvent[] = []
    let told = false
    const store = async (repositories: Repositories) => {
      const known = key === undefined ? undefined : await repositories.idempotencyKeys.answer<Json>(key)
      if (known) return known as readonly number[]
      stored = await repositories.events.insertAll(events)
      const findings = newFindings()
      for (const event of stored) told = (await evaluate(lookersOf(event, deps), findings, repositories)) || told
      await storeFindings(findings, deps.now(), repositories)
      const ids = stored.map(({ id }) => id)
      if (key !== undefined) await repositories.idempotencyKeys.keep(key, ids, deps.now())
      return ids
    }
    const ids = await storage.transaction(store)
    if (told) wake()
    if (stored.length > 0) onEvents?.(stored)
    return ids
  }
