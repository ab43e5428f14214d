import type { Language } from '#core/message/message.ts'
import type { State } from '#core/monitor/monitor.ts'
import { printable } from '#lib/text/one-line.ts'

export interface WatchRow {
  readonly name: string
  readonly target: string
  readonly state: State
  readonly since: number | null
  readonly latencyMs: number
  readonly message: string | undefined
  readonly probes: number
}

/** What the table says, in the language of the messages. */
const WORDS = {
  en: {
    marks: { up: 'UP', degraded: 'DEGRADED', down: 'DOWN', unknown: '…' },
    failing: 'FAILING',
    head: (watched: number, down: number) => `${watched} watched, ${down} down   (Ctrl+C ends)`,
    since: (time: string) => `since ${time}`,
    more: (count: number) => `… and ${count} more`,
  },
  es: {
    marks: { up: 'OPERATIVO', degraded: 'DEGRADADO', down: 'CAÍDO', unknown: '…' },
    failing: 'FALLA',
    head: (watched: number, down: number) => `vigilados: ${watched}, caídos: ${down}   (Ctrl+C termina)`,
    since: (time: string) => `desde ${time}`,
    more: (count: number) => `… y ${count} más`,
  },
} as const satisfies Readonly<Record<Language, Readonly<Record<string, unknown>>>>
const COLOR: Readonly<Record<State, number>> = { up: 32, degraded: 33, down: 31, unknown: 90 }

/** What a row shows first: a failed probe that is not a verdict yet is neither up nor down. */
const markOf = ({ state, message }: WatchRow, language: Language): string =>
  message !== undefined && (state === 'up' || state === 'unknown')
    ? WORDS[language].failing
    : WORDS[language].marks[state]

const latencyText = (ms: number): string =>
  Number.isNaN(ms) ? '' : `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`

export const clockText = (at: number): string => new Date(at).toLocaleTimeString(undefined, { hour12: false })

const fit = (text: string, width: number): string =>
  (text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width)

/** One line of the plain output, for logs and pipes. */
export const plainLine = (row: WatchRow, at: number, language: Language): string =>
  `${new Date(at).toISOString()} ${markOf(row, language)} ${printable(row.name)} ${latencyText(row.latencyMs)} ${printable(row.message ?? '')}`.trimEnd()

const WORST_FIRST: readonly State[] = ['down', 'degraded', 'unknown', 'up']

const rank = (row: WatchRow): number => WORST_FIRST.indexOf(row.state) - (row.message === undefined ? 0 : 0.5)

/** The whole table for a terminal of `columns` by `height`; what does not fit is counted, the worst stays in sight. */
export const tableText = (
  rows: readonly WatchRow[],
  { columns, height }: { readonly columns: number; readonly height: number },
  now: number,
  language: Language,
): string => {
  const words = WORDS[language]
  const nameWidth = Math.min(40, Math.max(8, ...rows.map(({ name }) => name.length)))
  const down = rows.filter(({ state }) => state === 'down').length
  const head = `Vigía  ${clockText(now)}  ${words.head(rows.length, down)}`
  const room = Math.max(1, height - 3)
  const shown = rows.length <= room ? rows : rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, room)
  const lines = shown.map((row) => {
    const since = row.since === null ? '' : words.since(clockText(row.since))
    const text = `${fit(markOf(row, language), 9)} ${fit(printable(row.name), nameWidth)} ${latencyText(row.latencyMs).padStart(10)}  ${fit(since, 15)} ${printable(row.message ?? '')}`
    return `\x1b[${COLOR[row.state]}m${text.slice(0, columns)}\x1b[0m`
  })
  const rest = rows.length - shown.length
  return [head.slice(0, columns), ...lines, ...(rest > 0 ? [words.more(rest)] : [])].join('\n')
}
