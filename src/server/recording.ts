import type { Logger } from 'pino'
import { sameTarget } from '#config/apply.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { MonitorPath } from '#core/monitor/path.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { createLastHops } from '#pipeline/decide/last-hop.ts'
import { noteTransitions, type RecordDeps, storeTransitions } from '#pipeline/decide/record.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import { probeTypes } from '#probes/index.ts'
import { isPassing } from '#storage/storage-error.ts'
import { saidFields } from '#templates/said.ts'
import type { Faults } from './faults.ts'
import { type Live, publishEvents } from './live-event.ts'
import { type Batch, changesIn, foldWaiting } from './waiting-changes.ts'

export interface RecordingDeps {
  readonly looking: RecordDeps
  readonly persistence: Persistence
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
  /** Looks at these monitors at once. */
  readonly hurry: (monitorIds: readonly number[]) => void
  readonly faults: Faults
  readonly log: Pick<Logger, 'info' | 'debug' | 'warn'>
}

/** What the engine found becomes part of the record. */
export interface Recording {
  /** Commits one batch after the other, in the order in which the engine decided them. */
  record(transitions: readonly Transition[]): void
  /** True while a change of this monitor waits to be stored. */
  waits(monitorId: number): boolean
  /** The changes that wait to be stored, in the order in which they were decided. */
  waiting(): readonly Transition[]
  /** Ways to hosts as they were just seen. */
  paths(paths: readonly MonitorPath[]): void
  /** Does work between what was handed over before and what is handed over later. */
  between(work: () => Promise<void>): Promise<void>
  /** The monitors are others now. */
  renew(): void
  /** Resolves when everything that was handed over until now is stored, or given up. */
  settled(): Promise<void>
}

/** Changes that wait; beyond that what several of one monitor come to is kept, one for each. */
const MOST_WAITING = 50_000

const NOTHING: Pick<Batch, 'transitions' | 'monitors'> = { transitions: [], monitors: new Map() }

export const createRecording = (deps: RecordingDeps): Recording => {
  const { looking, persistence, live, wake, hurry, faults, log } = deps
  const { storage, registry, network } = looking
  const lastHops = createLastHops({
    storage,
    monitors: registry.monitors,
    hostsOf: ({ type, options }) => probeTypes.get(type)?.hosts?.(options) ?? [],
  })
  let waiting: Batch[] = []
  let count = 0
  /** From so many on the changes that wait are folded: not each time anew while there are more monitors than that. */
  let foldFrom = MOST_WAITING
  /** Of a batch that is being stored, and of those that wait. */
  const underWay = new Map<number, number>()
  let storing: readonly Transition[] = []
  let draining = false
  let keepingPaths: Promise<void> = Promise.resolve()

  const tell = ({ monitorId, from, to, cause }: Transition) => {
    const name = registry.monitor(monitorId)?.monitor.name
    // A monitor that is seen for the first time and is well is no news.
    const level = from === 'unknown' && to === 'up' ? 'debug' : 'info'
    log[level]({ monitor: name, from, to, ...(cause && saidFields(cause)) }, 'state changed')
  }

  const counted = (transitions: readonly Transition[], by: 1 | -1) => {
    count += by * transitions.length
    for (const { monitorId } of transitions) {
      const left = (underWay.get(monitorId) ?? 0) + by
      if (left > 0) underWay.set(monitorId, left)
      else underWay.delete(monitorId)
    }
  }

  const monitorsOf = (transitions: readonly Transition[]): ReadonlyMap<number, Monitor> =>
    new Map(
      transitions.flatMap(({ monitorId }) => {
        const known = registry.monitor(monitorId)
        return known ? [[monitorId, known.monitor] as const] : []
      }),
    )

  const store = async ({ transitions, monitors, decidedAt }: Batch) => {
    const placed = await persistence.write(() => lastHops.place(transitions))
    // What was decided of another target, while the store let it wait, says nothing of this one.
    const isOfNow = ({ monitorId }: Transition) => {
      const [then, now] = [monitors.get(monitorId), registry.monitor(monitorId)?.monitor]
      return then !== undefined && now !== undefined && (then === now || sameTarget(then, now))
    }
    const noted = noteTransitions(placed.filter(isOfNow), decidedAt, looking)
    if (noted.length === 0) return
    let again = false
    const events = await persistence.write(() => {
      const stored = storeTransitions(noted, looking, again)
      again = true
      return stored
    })
    wake()
    const suspects = network.suspects()
    if (suspects.length > 0) hurry(suspects)
    publishEvents(live, events)
  }

  /** The server ends, and the store still refuses: what waits is found again by probing after the next start. */
  const giveUp = async () => {
    log.warn({ changes: count }, 'changes of state could not be stored before the end')
    for (const { transitions, between } of waiting.splice(0)) {
      counted(transitions, -1)
      await between?.()
    }
  }

  /** What cannot be stored together is stored one by one: one bad change takes no other with it. */
  const storeAll = async (batch: Batch) => {
    try {
      await store(batch)
    } catch (error) {
      if (isPassing(error)) return giveUp()
      faults.bug(error)
      if (batch.transitions.length === 1) return
      for (const transition of batch.transitions) await store({ ...batch, transitions: [transition] }).catch(faults.bug)
    }
  }

  const drain = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      storing = batch.transitions
      await (batch.between ? batch.between() : storeAll(batch))
      counted(batch.transitions, -1)
      storing = []
    }
    draining = false
    foldFrom = MOST_WAITING
  }

  const add = (batch: Batch) => {
    waiting.push(batch)
    counted(batch.transitions, 1)
    if (draining) return
    draining = true
    void drain()
  }

  const makeRoom = () => {
    const all = changesIn(waiting)
    const folded = foldWaiting(waiting)
    const kept = changesIn(folded)
    foldFrom = Math.max(MOST_WAITING, 2 * kept.length)
    if (kept.length === all.length) return
    log.warn({ changes: all.length, kept: kept.length }, 'too many changes of state wait for the store')
    counted(all, -1)
    counted(kept, 1)
    waiting = folded
  }

  const between = (work: () => Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      add({ ...NOTHING, decidedAt: looking.now(), between: () => work().then(resolve, reject) })
    })

  return {
    record: (transitions) => {
      if (transitions.length === 0) return
      for (const transition of transitions) tell(transition)
      add({ transitions, monitors: monitorsOf(transitions), decidedAt: looking.now() })
      if (count > foldFrom) makeRoom()
    },
    waits: (monitorId) => underWay.has(monitorId),
    waiting: () => [...storing, ...changesIn(waiting)],
    paths: (paths) => {
      lastHops.note(paths)
      // What is lost while the store takes no writes is seen again another day.
      if (persistence.trouble()) return
      keepingPaths = storage.transaction((store) => store.paths.save(paths)).catch(faults.passing)
    },
    between,
    renew: lastHops.renew,
    settled: async () => {
      if (draining) await between(async () => {})
      await keepingPaths
    },
  }
}
