import type { MonitorPath, PathKind, PathSnapshot } from '#core/monitor/path.ts'
import type { MonitorState, Reading, StateChange, StatePolicy } from '#core/monitor/state.ts'
import type { ProbeTools, ProbeType } from '#core/probe.ts'
import type { Clock } from '#lib/time/clock.ts'
import { isLoopback } from '../neighbours/links.ts'
import { createPathQueue } from './path-queue.ts'
import type { TracePath } from './path-trace.ts'

/** What is followed of a monitor: the scheduler's own entry, which this watch notes one time in. */
export interface Followed {
  readonly id: number
  readonly type: ProbeType
  readonly options: object
  /** Those that its probes are lent: what they refuse is not looked at here either. */
  readonly tools: Pick<ProbeTools, 'known' | 'resolve'>
  readonly policy: StatePolicy
  readonly state: MonitorState
  /** When its way was last seen while it was well, ms since the epoch; 0: look as soon as there is time. */
  pathAt: number
}

export interface PathWatchDeps {
  readonly clock: Clock
  readonly trace: TracePath
  readonly onPath: (path: MonitorPath) => void
  /** The way to a host that fails is wanted: `lookAtFailing` is to be called within `PATH_TURN_MS`. */
  readonly onFailing: () => void
}

/** Sees the way to a monitor's host when it first fails and, now and then, while it is well. */
export interface PathWatch {
  follow(monitor: Followed): void
  /**
   * Takes in a reading that was not simply good, and the change of state that followed. Returns the way as it was seen
   * since the first failure when the verdict is that it is down.
   */
  conclude(monitor: Followed, reading: Reading, change: StateChange | undefined): PathSnapshot | undefined
  forget(monitor: Followed): void
  /** Begins the most urgent way to a host that fails. True while more wait: call again `PATH_TURN_MS` later. */
  lookAtFailing(): boolean
  /** Begins one way to a host that is well, unless something fails; to be called each second. */
  lookAtWell(): void
}

/** One way to a failing host begins at each turn, so four a second. */
export const PATH_TURN_MS = 250
/** Ways under way at once: each takes a second at most. */
const MOST_UNDER_WAY = 6
const DAY_MS = 86_400_000
/** A way that was seen longer ago is looked at again before the verdict. */
const FRESH_MS = 30_000
/** What has its verdict already comes after what awaits it. */
const AFTER_VERDICT_MS = 600_000
const RESOLVE_MS = 5000
/** Monitors looked through for one whose way is due, each second. */
const WALK = 100

const hostOf = ({ type, options }: Followed): string | undefined =>
  type.judge ? undefined : type.hosts?.(options as never)[0]

const isFailing = ({ state }: Followed): boolean => (state.failedBits & 1) === 1

/** How long until the verdict falls when every look fails from now on, ms. */
const untilVerdict = ({ policy, state }: Followed): number => {
  let failed = 0
  for (let bits = state.failedBits & (2 ** policy.failures.of - 1); bits !== 0; bits &= bits - 1) failed++
  return Math.max(0, policy.failures.count - failed) * Math.min(policy.retryIntervalMs, policy.intervalMs)
}

/** An address of its host that is known at this moment, for a look has just used it. */
const knownAddress = (monitor: Followed): string | undefined => {
  const host = hostOf(monitor)
  if (host === undefined) return undefined
  for (const family of [0, 4, 6] as const) {
    const address = monitor.tools.known(host, family)?.[0]
    if (address !== undefined) return address
  }
  return undefined
}

export const createPathWatch = ({ clock, trace, onPath, onFailing }: PathWatchDeps): PathWatch => {
  const followed = new Set<Followed>()
  const queue = createPathQueue<Followed>()
  /** What was seen of those that fail and have no verdict yet. */
  const seen = new Map<Followed, PathSnapshot>()
  let walker = followed.values()
  /** Looks that have begun, by address: who comes while one lasts shares it. */
  const underWay = new Map<string, { readonly failing: Set<Followed>; readonly well: Set<Followed> }>()

  const wantAt = (address: string, monitor: Followed, kind: PathKind, within: number) => {
    const present = underWay.get(address)
    // There is nothing between this machine and itself.
    if (isLoopback(address)) monitor.pathAt = clock.now()
    else if (present) present[kind].add(monitor)
    else {
      queue.want(address, monitor, kind, clock.monotonic() + within)
      if (kind === 'failing') onFailing()
    }
  }

  const want = (monitor: Followed, within: number) => {
    const address = knownAddress(monitor)
    if (address !== undefined) wantAt(address, monitor, 'failing', within)
  }

  const wantWell = async (monitor: Followed) => {
    const known = knownAddress(monitor)
    if (known !== undefined) return wantAt(known, monitor, 'well', 0)
    const found = await monitor.tools.resolve(hostOf(monitor)!, 0, AbortSignal.timeout(RESOLVE_MS))
    if (!('code' in found) && followed.has(monitor)) wantAt(found.addresses[0]!, monitor, 'well', 0)
  }

  /** Hands out what was seen to those it still concerns. */
  const settle = (monitor: Followed, kind: PathKind, path: PathSnapshot) => {
    if (!followed.has(monitor)) return
    const down = monitor.state.state === 'down'
    if (kind === 'well' ? down || isFailing(monitor) : !down && !isFailing(monitor)) return
    if (kind === 'failing' && !down) seen.set(monitor, path)
    onPath({ monitorId: monitor.id, kind, ...path })
  }

  const look = async (kind: PathKind) => {
    const next = queue.take(kind)
    if (!next) return
    underWay.set(next.address, next)
    const at = clock.now()
    const found = await trace(next.address, kind === 'failing' ? 16 : 4)
    underWay.delete(next.address)
    for (const monitor of next.well) monitor.pathAt = at
    if (!found) return
    for (const monitor of next.failing) settle(monitor, 'failing', { at, ...found })
    for (const monitor of next.well) settle(monitor, 'well', { at, ...found })
  }

  /** Asks for the way of the next monitor that is well and whose way was last seen a day ago. */
  const walk = () => {
    const due = clock.now() - DAY_MS
    for (let steps = Math.min(WALK, followed.size); steps > 0; steps--) {
      let next = walker.next()
      if (next.done) {
        walker = followed.values()
        next = walker.next()
      }
      const monitor = next.value
      if (!monitor || monitor.pathAt > due || monitor.state.state !== 'up' || isFailing(monitor)) continue
      void wantWell(monitor)
      return
    }
  }

  return {
    follow: (monitor) => {
      if (hostOf(monitor) !== undefined) followed.add(monitor)
    },
    conclude: (monitor, reading, change) => {
      if (!followed.has(monitor)) return undefined
      const path = seen.get(monitor)
      if (change || reading === 'ok' || reading === 'degraded') {
        seen.delete(monitor)
        queue.withdraw(monitor)
      }
      if (change?.to === 'up') monitor.pathAt = 0
      else if (change?.to === 'down') {
        if (!path) want(monitor, AFTER_VERDICT_MS)
        return path
      } else if (reading === 'failed' && monitor.state.state !== 'down') {
        const stale = !path || path.reached || clock.now() - path.at > FRESH_MS
        if (stale) want(monitor, untilVerdict(monitor))
      }
      return undefined
    },
    forget: (monitor) => {
      followed.delete(monitor)
      seen.delete(monitor)
      queue.withdraw(monitor)
    },
    lookAtFailing: () => {
      if (underWay.size < MOST_UNDER_WAY) void look('failing')
      return queue.waits('failing')
    },
    lookAtWell: () => {
      if (underWay.size >= MOST_UNDER_WAY || queue.waits('failing')) return
      if (!queue.waits('well')) walk()
      void look('well')
    },
  }
}
