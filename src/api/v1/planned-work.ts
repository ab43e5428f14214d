import type { Monitor } from '#core/monitor/monitor.ts'
import type { Span } from '#core/monitor/uptime.ts'
import { type Matcher, matches, monitorFacts } from '#core/rule/matcher.ts'

interface Window {
  readonly matchers: readonly Matcher[]
  readonly startsAt: number
  readonly endsAt: number
}

/** The windows that cover a monitor, as spans of time that its uptime leaves out. */
export const plannedWork = (monitor: Monitor, windows: readonly Window[]): readonly Span[] =>
  windows
    .filter(({ matchers }) => matches(matchers, monitorFacts(monitor)))
    .map(({ startsAt, endsAt }) => ({ from: startsAt, to: endsAt }))
