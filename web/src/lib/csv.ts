export type Cell = string | number | boolean | null | undefined

/** What a spreadsheet takes for a formula: it would run what a hostile name says. */
const FORMULA = /^[\t\r\n ]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/

/** Whether the numbers of a region have a comma where others have a point: its lists are then set apart by semicolons. */
const hasDecimalComma = (region: string): boolean =>
  new Intl.NumberFormat(region).formatToParts(0.5).some(({ type, value }) => type === 'decimal' && value === ',')

/**
 * Rows as a spreadsheet of the region opens them: `;` and a decimal comma, or `,` and a point. A text that would be a
 * formula is kept a text by an apostrophe before it; a number stays a number.
 */
export const csvOf = (region: string, rows: readonly (readonly Cell[])[]): string => {
  const comma = hasDecimalComma(region)
  const separator = comma ? ';' : ','
  const textOf = (text: string): string => {
    const safe = FORMULA.test(text) ? `'${text}` : text
    return /["\r\n\t;,]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  const cellOf = (cell: Cell): string => {
    if (cell === null || cell === undefined) return ''
    if (typeof cell !== 'number') return textOf(String(cell))
    if (!Number.isFinite(cell)) return ''
    const plain = cell.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 6 })
    return comma ? plain.replace('.', ',') : plain
  }
  return rows.map((row) => `${row.map(cellOf).join(separator)}\r\n`).join('')
}
