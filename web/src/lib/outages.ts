import type { Mark, Monitor, Severity } from '../api/types.ts'

export interface Outage {
  readonly monitor: Monitor
  /** How many it cut off. */
  readonly cutOff: number
}

const RANK: Readonly<Record<Severity, number>> = { CRITICAL: 3, HIGH: 2, MEDIUM: 1, LOW: 0 }

/** How severe it is as it stands. */
export const severityOf = ({ state, severity, degraded_severity: degraded = 'MEDIUM' }: Monitor): Severity =>
  state === 'degraded' ? degraded : severity

const isWrong = ({ state, paused, cut_off_by: by }: Monitor): boolean =>
  !paused && !by && (state === 'down' || state === 'degraded')

const sinceOf = ({ since }: Monitor): number => (since === null ? 0 : Date.parse(since))

/**
 * What failed by itself and is in no maintenance, each with the number of those that it cut off: the most severe first,
 * then what took most with it, then the newest.
 */
export const outagesOf = (
  monitors: readonly Monitor[],
  marks: ReadonlyMap<number, Pick<Mark, 'maintenance'>>,
): readonly Outage[] => {
  const cutOff = new Map<number, number>()
  for (const { cut_off_by: by = [] } of monitors) for (const root of by) cutOff.set(root, (cutOff.get(root) ?? 0) + 1)
  return monitors
    .filter((monitor) => isWrong(monitor) && !marks.get(monitor.id)?.maintenance)
    .map((monitor) => ({ monitor, cutOff: cutOff.get(monitor.id) ?? 0 }))
    .sort(
      (a, b) =>
        RANK[severityOf(b.monitor)] - RANK[severityOf(a.monitor)] ||
        b.cutOff - a.cutOff ||
        sinceOf(b.monitor) - sinceOf(a.monitor),
    )
}
