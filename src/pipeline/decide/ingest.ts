import type { NewEvent, VigiaEvent } from '#core/event/event.ts'
import { isRecovery } from '#core/rule/rule.ts'
import type { Correlated as CorrelatedEvents } from '#detectors/correlation.ts'
import type { JsonObject } from '#lib/json.ts'
import { inSpiteOf } from '#lib/run/in-spite-of.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { isPassing, isTaken } from '#storage/storage-error.ts'
import type { Correlated } from './correlated.ts'
import { type EvaluateInput, evaluate, type Findings, forgetCounts, newFindings } from './evaluate.ts'
import type { Network } from './network.ts'
import type { Quiets } from './quiets.ts'
import type { Registry } from './registry.ts'

export interface IngestDeps {
  readonly storage: Storage
  readonly registry: Registry
  readonly quiets: () => Quiets
  readonly network?: Network | undefined
  readonly correlated?: Correlated | undefined
  readonly now: () => number
  readonly tooOldMs: number
  /** Called when something was told, after the commit. */
  readonly wake: () => void
  /** Adds what is known of an event before it is stored, such as the country of its address. */
  readonly enrich?: ((event: NewEvent) => NewEvent) | undefined
  /** Adds what several events about one address come to, and takes that back where they could not be stored. */
  readonly correlate?: (events: readonly NewEvent[]) => CorrelatedEvents
  /** Hears of every stored event, after the commit. */
  readonly onEvents?: (events: readonly VigiaEvent[]) => void
}

/** Stores what evaluating found out. */
const storeFindings = async (
  { decisions, triggers }: Findings,
  now: number,
  repositories: Repositories,
): Promise<void> => {
  if (decisions.length > 0) await repositories.decisions.insert(decisions)
  for (const [ruleId, times] of triggers) await repositories.rules.triggered(ruleId, times, now)
}

/**
 * Runs a transaction that evaluates events, and stores in it what that found out. What rules have counted in one that was
 * refused, or begun anew, is taken back: an event that is tried again counts once.
 */
export const concluding = async <T>(
  { storage, now }: Pick<IngestDeps, 'storage' | 'now'>,
  work: (repositories: Repositories, findings: Findings) => Promise<T>,
): Promise<T> => {
  let findings = newFindings()
  try {
    return await storage.transaction(async (repositories) => {
      forgetCounts(findings)
      findings = newFindings()
      const result = await work(repositories, findings)
      await storeFindings(findings, now(), repositories)
      return result
    })
  } catch (error) {
    forgetCounts(findings)
    throw error
  }
}

/** Events that the server raises about itself. */
export const OWN_SOURCE = 'vigia'

/** What looks at an event, as it is configured now. */
export const lookersOf = (
  event: VigiaEvent,
  {
    registry,
    quiets,
    network,
    correlated,
    now,
    tooOldMs,
  }: Pick<IngestDeps, 'registry' | 'quiets' | 'network' | 'correlated' | 'now' | 'tooOldMs'>,
): EvaluateInput => {
  const known = event.monitorId === null ? undefined : registry.monitor(event.monitorId)
  const rule = known?.rule ?? (event.source === OWN_SOURCE ? registry.ownRule() : undefined)
  // What the server told of itself ends where it was told, though nobody would be told any more. A monitor's trouble is an
  // alert though nobody hears of it: it can be seen, and whoever is to hear of it while it lasts is told.
  const ends = event.source === OWN_SOURCE && isRecovery(event)
  const kept = known !== undefined && !registry.isHelper(known.monitor.id)
  const own = rule && (rule.channelIds.length > 0 || ends || kept) ? rule : undefined
  return {
    event,
    own,
    rules: registry.rules,
    monitor: known?.monitor,
    quiets: quiets(),
    network,
    correlated,
    now: now(),
    tooOldMs,
  }
}

/** Stores events and what follows from them, transaction by transaction. */
const createStoring = (deps: IngestDeps) => {
  let stored: readonly VigiaEvent[] = []
  let told = false
  let undo: (() => void) | undefined

  /** Nothing of what was stored so far came to stay. */
  const rollBack = () => {
    undo?.()
    undo = undefined
    stored = []
    told = false
  }

  return {
    rollBack,
    /** The ids of the given events, in their order; those that they led to are stored as well. */
    store: async (
      events: readonly NewEvent[],
      repositories: Repositories,
      findings: Findings,
    ): Promise<readonly number[]> => {
      const given = new Set(events)
      const correlated = deps.correlate?.(events)
      undo = correlated?.undo
      const all = correlated?.events ?? events
      stored = await repositories.events.insertAll(deps.enrich ? all.map(deps.enrich) : all)
      for (const event of stored) told = (await evaluate(lookersOf(event, deps), findings, repositories)) || told
      return stored.filter((_, index) => given.has(all[index]!)).map(({ id }) => id)
    },
    committed: () => {
      if (told) deps.wake()
      if (stored.length > 0) deps.onEvents?.(stored)
    },
  }
}

/** Runs a transaction that stores events; what was concluded from them is forgotten when it fails. */
const inOne = async <T>(
  deps: IngestDeps,
  work: (store: (events: readonly NewEvent[]) => Promise<readonly number[]>, repositories: Repositories) => Promise<T>,
): Promise<T> => {
  const storing = createStoring(deps)
  try {
    const result = await concluding(deps, (repositories, findings) => {
      storing.rollBack()
      return work((events) => storing.store(events, repositories, findings), repositories)
    })
    storing.committed()
    return result
  } catch (error) {
    storing.rollBack()
    throw error
  }
}

/**
 * Runs `work` in a transaction and stores and evaluates, in the same one, the events that it returns: what a source has
 * read, what follows from it, and how far it has read become true together. Returns the ids of the events, in order.
 */
export const createRecorder =
  (deps: IngestDeps) =>
  (work: (repositories: Repositories) => Promise<readonly NewEvent[]>): Promise<readonly number[]> =>
    inOne(deps, async (store, repositories) => {
      const events = await work(repositories)
      return events.length === 0 ? [] : store(events)
    })

/** Events of one transaction, beyond which others begin one of their own. */
const MOST_TOGETHER = 1000
/** What comes later than this after the first, because the store lets it wait, has a patience of its own, ms. */
const TOGETHER_WITHIN_MS = 50

/** What arrives together, until its transaction begins. */
interface Together {
  readonly since: number
  readonly events: NewEvent[]
  askers: number
  readonly ids: Promise<readonly number[]>
}

/**
 * The door through which every event comes from outside: stores and evaluates them in one transaction, so that what was
 * acknowledged to the sender has also been decided. Returns the ids, in order.
 *
 * What arrives before the transaction begins goes along with it: most of what a single event costs is its transaction. Each
 * sender hears of his own events; where all of them together cannot be stored, each one's are tried by themselves.
 */
export const createIngest = (deps: IngestDeps) => {
  let next: Together | undefined

  const storeAll = (events: readonly NewEvent[], begun: () => void = () => {}) =>
    // On a database server another request of the same moment may open the same alert.
    inSpiteOf(isTaken, () =>
      inOne(deps, (store) => {
        begun()
        return store(events)
      }),
    )

  const begin = (since: number): Together => {
    const events: NewEvent[] = []
    const leaves = () => {
      if (next === together) next = undefined
    }
    const together: Together = { since, events, askers: 0, ids: storeAll(events, leaves).finally(leaves) }
    return together
  }

  return async (events: readonly NewEvent[]): Promise<readonly number[]> => {
    const now = performance.now()
    const joins = next && next.events.length + events.length <= MOST_TOGETHER && now - next.since <= TOGETHER_WITHIN_MS
    next = joins ? next! : begin(now)
    const together = next
    const from = together.events.length
    together.events.push(...events)
    together.askers++
    try {
      const ids = await together.ids
      return together.askers === 1 ? ids : ids.slice(from, from + events.length)
    } catch (error) {
      // A store that takes nothing at present takes it apart neither.
      if (together.askers === 1 || isPassing(error)) throw error
      return storeAll(events)
    }
  }
}

/** A request that may be sent again. */
export interface Once {
  /** The sender's own, with the sender. */
  readonly key: string
  /** Differs where the request says something else. */
  readonly body: string
}

interface Kept {
  readonly body: string
  readonly ids: number[]
}

/**
 * The same door for a sender that names a key: a repeat within its life answers the same ids and does nothing. Undefined,
 * and nothing done, where the key came with another body.
 */
export const createIngestOnce =
  (deps: IngestDeps) =>
  (events: readonly NewEvent[], { key, body }: Once): Promise<readonly number[] | undefined> =>
    // On a database server another request of the same moment may bring the same key.
    inSpiteOf(isTaken, () =>
      inOne(deps, async (store, repositories) => {
        const known = await repositories.idempotencyKeys.answer<Kept & JsonObject>(key)
        if (known) return known.body === body ? known.ids : undefined
        const ids = await store(events)
        await repositories.idempotencyKeys.keep(key, { body, ids: [...ids] }, deps.now())
        return ids
      }),
    )
