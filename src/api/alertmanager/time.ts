const SHAPE = /^(\d{4})-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?$/
const ZONE = /([Zz]|[+-]\d\d:?\d\d)$/

/**
 * A date as Alertmanager reads it (RFC 3339), ms since the epoch. Undefined for its zero, which stands for "not said";
 * null for what is no date.
 */
export const readTime = (value: unknown): number | undefined | null => {
  if (value === undefined || value === null || value === '') return undefined
  const match = typeof value === 'string' ? SHAPE.exec(value) : null
  if (!match) return null
  if (match[1] === '0001') return undefined
  const text = String(value).replace(' ', 'T').replace(',', '.')
  const at = Date.parse(ZONE.test(text) ? text.toUpperCase() : `${text.toUpperCase()}Z`)
  return Number.isNaN(at) ? null : at
}
