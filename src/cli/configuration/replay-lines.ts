import type { ReplayView } from '#api/v1/replay-view.ts'
import { durationText } from '#lib/time/duration.ts'

/** What a plan would have told otherwise, as lines for people. */

const LISTED = 50

const WHY = {
  not_down: 'by these thresholds it would not have been down',
  nobody: 'no channel would have heard of it',
  held: 'it would have been held back',
} as const

const listed = <T>(things: readonly T[], lineOf: (thing: T) => string): string[] => {
  const lines = things.slice(0, LISTED).map((thing) => `  ${lineOf(thing)}`)
  return things.length > LISTED ? [...lines, `  … and ${things.length - LISTED} more (--json lists all)`] : lines
}

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines])
const spans = ({ monitor, since, until }: ReplayView['fresh'][number]) => `${monitor}  ${since} to ${until ?? 'now'}`
/** To the second, as looks tell it. */
const by = (ms: number): string => durationText(Math.max(1000, Math.round(ms / 1000) * 1000))

const moved = (those: ReplayView['later'], how: string): string[] => {
  const groups = [...Map.groupBy(those, ({ monitor }) => monitor)]
  return groups.map(([monitor, all]) => {
    const most = Math.max(...all.map(({ by_ms }) => by_ms))
    return `${monitor} told ${by(most)} ${how}${all.length > 1 ? ` at most, in ${all.length} outages` : ''}`
  })
}

const names = (those: readonly string[]): string =>
  those.length > 5 ? `${those.slice(0, 5).join(', ')} and ${those.length - 5} more` : those.join(', ')

const LEFT = {
  created: 'new, without results',
  retargeted: 'looks at something else, which its results say nothing of',
  gone: 'would not be looked at any more',
  windows: 'bounds of loss, 95th percentile and jitter over a window, which single results do not hold',
  without_results: 'without a result of this time',
} as const

const leftLines = ({ left, results_since }: ReplayView): string[] => [
  ...Object.entries(LEFT).flatMap(([key, words]) => {
    const those = left[key as keyof typeof LEFT]
    return those.length === 0 ? [] : [`  ${those.length}: ${words}: ${names(those)}`]
  }),
  ...(results_since === null ? [] : [`  single results are kept since ${results_since}, before that only summaries`]),
]

const total = ({ messages }: ReplayView): number => messages.reduce((sum, { before, after }) => sum + after - before, 0)

const countWords = (difference: number): string =>
  difference === 0 ? 'as many messages' : `${Math.abs(difference)} messages ${difference < 0 ? 'fewer' : 'more'}`

/** `41 messages fewer, POP-07 told 20s later, 0 outages hidden`. */
const replaySummary = (view: ReplayView): string => {
  const later = moved(view.later, 'later')
  const earlier = moved(view.earlier, 'earlier')
  const some = (those: readonly string[]) =>
    those.length > 3 ? [...those.slice(0, 3), `${those.length - 3} more`] : those
  const hidden = `${view.hidden.length} outages hidden`
  return [countWords(total(view)), ...some(later), ...some(earlier), hidden].join(', ')
}

export const replayLines = (view: ReplayView): string[] => [
  `Over what is stored from ${view.from} to ${view.to}: ${view.results} results of ${view.monitors} monitors${view.events > 0 ? `, ${view.events} events` : ''}.`,
  ...section(
    'Messages, before they are gathered:',
    listed(
      view.messages.filter(({ before, after }) => before !== after),
      ({ channel, before, after }) => `${channel}: ${before} → ${after}`,
    ),
  ),
  ...section(
    'Later:',
    listed(view.later, (one) => `${spans(one)}  by ${by(one.by_ms)}`),
  ),
  ...section(
    'Earlier:',
    listed(view.earlier, (one) => `${spans(one)}  by ${by(one.by_ms)}`),
  ),
  ...section('Told by what they are reached through:', listed(view.behind_parent, spans)),
  ...section('Not told until now:', listed(view.fresh, spans)),
  ...section(
    'HIDDEN, nobody would have heard of:',
    listed(view.hidden, (one) => `${spans(one)}  ${WHY[one.why]}`),
  ),
  ...section('Not looked at:', leftLines(view)),
  `${replaySummary(view)}.`,
]
