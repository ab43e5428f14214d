import { region } from '../i18n/language.ts'
import { type Cell, csvOf } from './csv.ts'
import { timeZone } from './format.ts'

/** Spreadsheets take a file for UTF-8 that begins with this. */
const MARK = '\uFEFF'

/** Hands a list to whoever asked for it, as a file of the reader's region. */
export const saveCsv = (name: string, head: readonly string[], rows: readonly (readonly Cell[])[]): void => {
  const blob = new Blob([MARK, csvOf(region(), [head, ...rows])], { type: 'text/csv;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${name}.csv`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** A time as spreadsheets know it, by the clock of the chosen zone: `2026-11-30 22:19:13`. */
export const stamp = (at: string | number | null | undefined): string =>
  at === null || at === undefined
    ? ''
    : new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium', timeZone: timeZone.get() }).format(
        new Date(at),
      )
