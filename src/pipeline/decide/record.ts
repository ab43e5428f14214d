import type { NewEvent, VigiaEvent } from '#core/event/event.ts'
import { calmEvent, flappingEvent, monitorEvent } from '#core/monitor/monitor-event.ts'
import type { Transition, WordedTransition } from '#core/monitor/transition.ts'
import type { Repositories } from '#storage/index.ts'
import { worded } from '#templates/said.ts'
import { atOnce, type Write } from '../watch/persistence.ts'
import { evaluate } from './evaluate.ts'
import { concluding, type IngestDeps, lookersOf } from './ingest.ts'
import type { Network } from './network.ts'
import { PARENT_GRACE_MS } from './network.ts'

export type RecordDeps = Pick<IngestDeps, 'storage' | 'registry' | 'quiets' | 'now' | 'tooOldMs'> & {
  readonly network: Network
}

/** A change as the event that it is, flapping considered. */
const eventOf = (transition: WordedTransition, receivedAt: number, { registry, network }: RecordDeps) => {
  const known = registry.monitor(transition.monitorId)
  if (!known) return undefined
  const flappedBefore = network.flaps(transition.monitorId)
  network.note(transition)
  const event = { ...monitorEvent(known.monitor, transition, known.target), receivedAt }
  const flaps = transition.to === 'unknown' ? undefined : network.flaps(transition.monitorId)
  return flaps ? flappingEvent(event, { stage: flappedBefore ? 'goes_on' : 'began', ...flaps }) : event
}

/** What waited for a parent is looked at again when the parent has been back for a while. */
const wakeChildren = async ({ monitorId, from, at }: Transition, { network }: RecordDeps, { alerts }: Repositories) => {
  if (from !== 'down') return
  const below = network.below(monitorId)
  if (below.length > 0) await alerts.lookAgainAt(below, at + PARENT_GRACE_MS)
}

/**
 * Takes changes of state into what is known of the network, once for each; `decidedAt` is when they were decided, ms.
 * Before anything is told all of them are known: a child must not be told because it was read before its parent.
 */
export const noteTransitions = (
  transitions: readonly Transition[],
  decidedAt: number,
  deps: RecordDeps,
): readonly NotedTransition[] =>
  transitions
    .map(worded)
    .map((transition) => ({ transition, event: eventOf(transition, decidedAt, deps) }))
    .filter((one): one is NotedTransition => one.event !== undefined)

/** Those that the store does not hold yet. */
const unstored = async (
  noted: readonly NotedTransition[],
  { states }: Repositories,
): Promise<readonly NotedTransition[]> => {
  const ids = noted.map(({ transition }) => transition.monitorId)
  const stored = new Map((await states.some(ids)).map((state) => [state.monitorId, state]))
  return noted.filter(({ transition: { monitorId, to, since } }) => {
    const state = stored.get(monitorId)
    return state?.state !== to || state.since !== since
  })
}

/**
 * Commits changes of state together with everything that follows from them: transition, event, alert, notifications,
 * in one transaction, so that a crash leaves either all of it or none, and the change is found again by probing. Returns
 * the events. `again` says that it was tried before: what the store took without our hearing of it is left out.
 */
export const storeTransitions = async (
  noted: readonly NotedTransition[],
  deps: RecordDeps,
  again = false,
): Promise<readonly VigiaEvent[]> => {
  return concluding(deps, async (repositories, findings) => {
    const known = again ? await unstored(noted, repositories) : noted
    if (known.length === 0) return []
    const changes = known.map(({ transition }) => transition)
    await repositories.transitions.insertAll(changes)
    await repositories.states.saveAll(changes)
    const events = await repositories.events.insertAll(known.map(({ event }) => event))
    const firing = await firingIn(known, repositories)
    for (const event of events) {
      const lookers = lookersOf(event, deps)
      // At a first start everything becomes up, and nothing was open: there is nothing to end.
      const own = firing && event.data.state === 'up' && !firing.has(event.monitorId!) ? undefined : lookers.own
      await evaluate({ ...lookers, own }, findings, repositories)
      firing?.add(event.monitorId!)
    }
    for (const transition of changes) await wakeChildren(transition, deps, repositories)
    return events
  })
}

/** A change of state and the event that it is. */
export interface NotedTransition {
  readonly transition: WordedTransition
  readonly event: NewEvent
}

/** From so many changes on, one look at all open alerts is cheaper than one at each monitor's. */
const MANY = 20

const firingIn = async (
  noted: readonly NotedTransition[],
  { alerts }: Repositories,
): Promise<Set<number> | undefined> => (noted.length < MANY ? undefined : new Set(await alerts.firingMonitors()))

const WELL = { code: 'ok', cause: undefined, sentence: '' } as const

/** What steady again comes to: well from now on, else what the last change of state said. */
const calmOf = async (id: number, now: number, deps: RecordDeps, { states, transitions }: Repositories) => {
  const known = deps.registry.monitor(id)
  const state = deps.network.state(id)
  if (!known || state === 'unknown') return []
  // It watches something else since, and what was known of it is forgotten.
  if ((await states.some([id])).length === 0) return []
  const last = state === 'up' ? undefined : (await transitions.ofMonitor(id, 1))[0]
  const { since, code, cause, sentence } = last?.to === state ? last : { ...WELL, since: now }
  return [calmEvent(known.monitor, known.target, { state, at: now, since, code, cause, sentence })]
}

/** Tells the end of flapping: the state that it ended in, as an event of its own. */
export const recordCalm = async (deps: RecordDeps, write: Write = atOnce): Promise<readonly VigiaEvent[]> => {
  const now = deps.now()
  const calm = deps.network.calmed(now)
  if (calm.length === 0) return []
  return write(() =>
    concluding(deps, async (repositories, findings) => {
      const ended = await Promise.all(calm.map((id) => calmOf(id, now, deps, repositories)))
      const events = await repositories.events.insertAll(ended.flat())
      for (const event of events) await evaluate(lookersOf(event, deps), findings, repositories)
      return events
    }),
  )
}
