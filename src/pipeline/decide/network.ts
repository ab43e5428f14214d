import type { CutOff } from '#core/monitor/cut-off.ts'
import { FLAP_POLICY } from '#core/monitor/flapping.ts'
import { labelSum } from '#core/monitor/label-sum.ts'
import type { Monitor, State } from '#core/monitor/monitor.ts'
import type { Topology } from '#core/monitor/topology.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { monitorFacts } from '#core/rule/matcher.ts'
import { createCutOffView } from './cut-off-view.ts'
import type { KnownMonitor } from './registry.ts'
import { createUnrest } from './unrest.ts'
import { createWindowOf, type WindowOf } from './window-cover.ts'

/** What stands in the way of telling of one monitor, because of others or of its own unrest. */
interface Hindrance {
  readonly kind: 'parent' | 'parent_pending' | 'flapping'
  /** When to look again, ms; absent: when what hinders changes. */
  readonly until?: number
  /** Monitors that explain it. */
  readonly monitors: readonly number[]
}

/** What stands behind one monitor, so that it cannot be reached without it. */
export interface Affected {
  readonly count: number
  /** Of them, those that are known not to answer, and those that have answered, since its own latest change. */
  readonly silent: number
  readonly answering: number
  /** Sum of the label `subscribers` at the topmost level that says it, where any does. */
  readonly subscribers?: number
  readonly names: readonly string[]
  /** Of them, those that are down and have not answered since its own latest change. */
  readonly down: readonly string[]
}

/** What is stored of the network. */
interface Remembered {
  readonly states: readonly { readonly monitorId: number; readonly state: State; readonly since: number }[]
  /** Changes of state within `FLAP_MEMORY_MS`. */
  readonly recent: readonly Transition[]
  /** Monitors whose open alert says that they flap. */
  readonly flapping: readonly number[]
  /** Monitors with an open alert. */
  readonly open: readonly number[]
}

/** What is known of the network at this moment, in memory: states, who depends on whom, and who flaps. */
export interface Network {
  /** Takes in a change of state, before it is told of. */
  note(transition: Transition): void
  /** Takes in what a server that ran before knew, at `now`. Nobody looks until `begin`. */
  restore(before: Remembered, now: number): void
  /** Probing begins, or begins again, at `now`. */
  begin(now: number): void
  state(monitorId: number): State
  /** Why trouble of a monitor that began at `since` is not told of now; undefined when it may be. */
  hindrance(monitor: Monitor, since: number, openedAt: number, now: number): Hindrance | undefined
  affected(monitorId: number): Affected | undefined
  /** Who is cut off, and by which monitors that failed by themselves; the same object until something changes. */
  cutOff(): CutOff
  /** The window in which a monitor is in maintenance, itself or by what it is reached through; undefined when in none. */
  readonly inMaintenance: WindowOf
  /** Descendants of a monitor, for those that waited for it. */
  below(monitorId: number): readonly number[]
  /** True from the change with which flapping began until it is calm. */
  flaps(monitorId: number): { readonly since: number; readonly changes: number } | undefined
  /** Monitors that have calmed down by now; each is named once. */
  calmed(now: number): readonly number[]
  /** Monitors that should be looked at now, for others wait for what they show. */
  suspects(): readonly number[]
  /** Monitors that waited for a look at others and need not wait any longer. */
  settled(): readonly number[]
  /** The clock is set by so much: what is remembered moves with it. */
  shift(byMs: number): void
  /** Trouble of this monitor opened no alert, for it is in maintenance. */
  mute(monitorId: number): void
  /** Monitors whose trouble opened no alert and that are still in trouble. */
  muted(): readonly number[]
  unmute(monitorIds: readonly number[]): void
  /** Nothing is known any more of other monitors than these: they are gone, or watch something else. */
  forgetAllBut(monitorIds: readonly number[]): void
}

export interface NetworkDeps {
  readonly topology: () => Topology
  readonly monitor: (id: number) => KnownMonitor | undefined
  /** True when a look at the monitor that began at or after `since` found it well. */
  readonly seenWellSince: (monitorId: number, since: number) => boolean
  /** True when the last look at the monitor began at or after `since` and failed. */
  readonly failedSince: (monitorId: number, since: number) => boolean
}

/** Children that are still down so long after their parent's recovery are told of. */
export const PARENT_GRACE_MS = 300_000
/** What a verdict may need beyond its own probes. */
const MARGIN_MS = 2000
/** Changes older than this weigh nothing. */
export const FLAP_MEMORY_MS = FLAP_POLICY.windowMs
const NAMES_SHOWN = 50

/** How long until a monitor that fails now is known to be down, at the latest. */
const verdictMs = ({ intervalMs, retryIntervalMs, timeoutMs, failures }: Monitor): number =>
  intervalMs + timeoutMs + (failures.of - 1) * (retryIntervalMs + timeoutMs) + MARGIN_MS

export const createNetwork = ({ topology, monitor, seenWellSince, failedSince }: NetworkDeps): Network => {
  const states = new Map<number, { readonly state: State; readonly since: number }>()
  const recoveredAt = new Map<number, number>()
  const muted = new Set<number>()
  /** Since when the trouble of those began that wait for a look at their parents. */
  const pending = new Map<number, number>()
  /** Since when monitors are looked at, ms; null while they are not. */
  let lookingSince: number | null = 0
  /** What nobody looks at is not known to be down any more. */
  const isDown = (id: number) => states.get(id)?.state === 'down' && monitor(id)?.monitor.paused !== true

  const factsOf = (id: number) => {
    const known = monitor(id)
    return known && monitorFacts(known.monitor)
  }

  const unrest = createUnrest({
    isDown,
    mayFlap: (id) => monitor(id)?.monitor.flapping !== false,
    seenWellSince,
    lookingSince: () => lookingSince,
    graceMs: PARENT_GRACE_MS,
  })

  const cutOff = createCutOffView({
    topology,
    falls: () =>
      [...states].flatMap(([id, { since }]) => {
        const known = isDown(id) ? monitor(id)?.monitor : undefined
        if (!known) return []
        const fell = Math.min(since, unrest.of(id)?.since ?? since)
        return [[id, { since: fell, unseenMs: known.intervalMs + known.timeoutMs }] as const]
      }),
  })

  const note = (transition: Transition) => {
    const { monitorId, from, to, at, since } = transition
    cutOff.renew()
    states.set(monitorId, { state: to, since })
    if (to === 'up') muted.delete(monitorId)
    if (from === 'down' && to !== 'unknown') recoveredAt.set(monitorId, at)
    unrest.note(transition)
  }

  /** Parents that may be found down any moment: not seen well since the trouble began, in a group that may yet fall. */
  const doubtful = (id: number, since: number): readonly number[] =>
    topology()
      .parentsOf(id)
      .filter((group) => group.every((parent) => isDown(parent) || !seenWellSince(parent, since)))
      .flat()
      .filter((parent) => !isDown(parent) && monitor(parent)?.monitor.paused === false)

  /** Everything above a monitor. */
  const ancestors = (id: number): readonly number[] => {
    const seen = new Set<number>()
    const walk = [id]
    for (let at = walk.pop(); at !== undefined; at = walk.pop())
      for (const parent of topology().parentsOf(at).flat())
        if (!seen.has(parent)) {
          seen.add(parent)
          walk.push(parent)
        }
    return [...seen]
  }

  const lastRecovery = (above: readonly number[]): number =>
    above.reduce((latest, id) => Math.max(latest, recoveredAt.get(id) ?? 0), 0)

  const hindrance: Network['hindrance'] = (own, since, openedAt, now) => {
    if (topology().isCutOff(own.id, isDown)) return { kind: 'parent', monitors: topology().causesOf(own.id, isDown) }
    const above = ancestors(own.id)
    const recovered = lastRecovery(above)
    if (since < recovered && now < recovered + PARENT_GRACE_MS)
      return { kind: 'parent', until: recovered + PARENT_GRACE_MS, monitors: [] }
    const restless = unrest.explainedBy(own.id, above)
    if (restless.length > 0) return { kind: 'parent', until: now + PARENT_GRACE_MS, monitors: restless }
    const suspects = doubtful(own.id, since)
    if (suspects.length === 0) return undefined
    const longest = Math.max(...suspects.map((id) => verdictMs(monitor(id)!.monitor)))
    // While no server ran, nobody looked at the parents either.
    const until = Math.max(openedAt, lookingSince ?? now) + longest
    if (now >= until) return undefined
    pending.set(own.id, since)
    return { kind: 'parent_pending', until, monitors: suspects }
  }

  const affected = (id: number): Affected | undefined => {
    if (!topology().hasChildren(id)) return undefined
    const known = topology()
      .affectedBy(id, isDown)
      .map((one) => monitor(one)?.monitor)
      .filter((one) => one !== undefined && !one.paused) as Monitor[]
    if (known.length === 0) return undefined
    // One that has answered since is coming back, though it needs a few more answers to count as up.
    const since = states.get(id)?.since ?? 0
    const answering = new Set(known.map((one) => one.id).filter((one) => seenWellSince(one, since)))
    const silent = known.filter((one) => !answering.has(one.id) && (isDown(one.id) || failedSince(one.id, since)))
    const ids = [id, ...known.map((one) => one.id)]
    const numberOf = (one: number) => Number(monitor(one)?.monitor.labels.subscribers)
    const subscribers = labelSum(ids, numberOf, topology())
    return {
      count: known.length,
      silent: silent.length,
      answering: answering.size,
      ...(subscribers !== undefined && { subscribers }),
      names: known.slice(0, NAMES_SHOWN).map(({ name }) => name),
      down: known.filter((one) => isDown(one.id) && !answering.has(one.id)).map(({ name }) => name),
    }
  }

  return {
    note,
    restore: ({ states: stored, recent, flapping: restless, open }, now) => {
      lookingSince = null
      cutOff.renew()
      for (const { monitorId, state, since } of stored) states.set(monitorId, { state, since })
      for (const transition of recent) {
        unrest.note(transition)
        if (transition.from === 'down' && transition.to !== 'unknown')
          recoveredAt.set(transition.monitorId, transition.at)
      }
      unrest.restore(restless, open, now)
    },
    begin: (now) => {
      lookingSince = now
    },
    shift: (byMs) => {
      cutOff.renew()
      for (const times of [recoveredAt, pending]) for (const [id, at] of times) times.set(id, at + byMs)
      for (const [id, { state, since }] of states) states.set(id, { state, since: since + byMs })
      unrest.shift(byMs)
      if (lookingSince) lookingSince += byMs
    },
    state: (id) => states.get(id)?.state ?? 'unknown',
    hindrance,
    affected,
    cutOff: cutOff.now,
    inMaintenance: createWindowOf({ parentsOf: (id) => topology().parentsOf(id), facts: factsOf, isDown }, topology),
    below: (id) => topology().affectedBy(id, () => true),
    flaps: unrest.of,
    calmed: unrest.calmed,
    suspects: () => [...new Set([...pending].flatMap(([id, since]) => doubtful(id, since)))],
    settled: () => {
      const done = [...pending].filter(
        ([id, since]) => !isDown(id) || topology().isCutOff(id, isDown) || doubtful(id, since).length === 0,
      )
      for (const [id] of done) pending.delete(id)
      return done.map(([id]) => id)
    },
    mute: (id) => void muted.add(id),
    muted: () => [...muted],
    unmute: (ids) => {
      for (const id of ids) muted.delete(id)
    },
    forgetAllBut: (ids) => {
      const known = new Set(ids)
      cutOff.renew()
      for (const id of [...states.keys()].filter((one) => !known.has(one))) {
        if (states.get(id)?.state === 'down') recoveredAt.delete(id)
        for (const memory of [states, pending]) memory.delete(id)
        muted.delete(id)
      }
      unrest.forgetAllBut(known)
    },
  }
}
