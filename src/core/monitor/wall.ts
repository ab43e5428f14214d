import { type Severity, severityRank } from '../event/severity.ts'
import type { CutOff } from './cut-off.ts'
import type { Monitor, State } from './monitor.ts'

/** What a wall is made of: each monitor with how it stands. */
export interface WallMonitor {
  readonly monitor: Pick<Monitor, 'id' | 'name' | 'labels' | 'severity' | 'degradedSeverity' | 'paused'>
  readonly state: State
  /** Ms. */
  readonly since: number
  readonly inMaintenance: boolean
}

/** Something that failed by itself. Nothing but names and states: whoever stands before a wall reads it. */
interface WallProblem {
  readonly name: string
  readonly state: 'down' | 'degraded'
  readonly severity: Severity
  readonly since: number
  /** The value of the label by which the wall is arranged; empty where it has none. */
  readonly site: string
  /** How many it cuts off. */
  readonly cutOff: number
  readonly monitorId: number
}

interface WallSite {
  readonly name: string
  readonly total: number
  readonly down: number
  readonly degraded: number
  readonly cutOff: number
  readonly unknown: number
}

type Count = 'up' | 'degraded' | 'down' | 'cutOff' | 'unknown' | 'paused' | 'maintenance'

export interface Wall {
  readonly counts: Readonly<Record<Count, number>>
  /** The most severe first, and of those the newest. */
  readonly problems: readonly WallProblem[]
  /** Those with trouble first, and of those by name; none where no monitor has the label. */
  readonly sites: readonly WallSite[]
}

/** As what a monitor counts; what is cut off is none of its own, and planned work no trouble. */
const countOf = ({ monitor, state, inMaintenance }: WallMonitor, cutOff: CutOff): Count => {
  if (monitor.paused) return 'paused'
  if (inMaintenance) return 'maintenance'
  return state === 'down' && cutOff.has(monitor.id) ? 'cutOff' : state
}

const rank = ({ down, degraded, cutOff }: WallSite): number => (down > 0 ? 3 : cutOff > 0 ? 2 : degraded > 0 ? 1 : 0)

/** What a wall shows of these monitors, arranged by a label. */
export const wallOf = (monitors: readonly WallMonitor[], cutOff: CutOff, label: string): Wall => {
  const counts = { up: 0, degraded: 0, down: 0, cutOff: 0, unknown: 0, paused: 0, maintenance: 0 }
  const sites = new Map<string, { -readonly [Field in keyof WallSite]: WallSite[Field] }>()
  const behind = new Map<number, number>()
  for (const roots of cutOff.values()) for (const root of roots) behind.set(root, (behind.get(root) ?? 0) + 1)
  const problems: WallProblem[] = []
  let labelled = false
  for (const one of monitors) {
    const { monitor, since } = one
    const count = countOf(one, cutOff)
    counts[count]++
    const own = Object.hasOwn(monitor.labels, label) ? monitor.labels[label]! : ''
    labelled ||= own !== ''
    if (count === 'paused') continue
    const site = sites.get(own) ?? { name: own, total: 0, down: 0, degraded: 0, cutOff: 0, unknown: 0 }
    sites.set(own, site)
    site.total++
    if (count !== 'up' && count !== 'maintenance') site[count]++
    if (count !== 'down' && count !== 'degraded') continue
    const severity = count === 'down' ? monitor.severity : (monitor.degradedSeverity as Severity)
    const shared = { name: monitor.name, state: count, severity, since, site: own }
    problems.push({ ...shared, cutOff: behind.get(monitor.id) ?? 0, monitorId: monitor.id })
  }
  return {
    counts,
    problems: problems.sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.since - a.since),
    sites: labelled
      ? [...sites.values()].sort(
          (a, b) => rank(b) - rank(a) || a.name.localeCompare(b.name, undefined, { numeric: true }),
        )
      : [],
  }
}
