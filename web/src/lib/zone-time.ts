/** How far the clock of a zone is ahead of UTC at a moment, ms. */
const aheadOf = (at: number, timeZone: string): number => {
  const shown = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(at)
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
}

/** When the clock of a zone shows `2026-12-01T02:00`, ms; undefined for what is no time. */
export const zoneTime = (typed: string, timeZone: string): number | undefined => {
  const asUtc = Date.parse(`${typed}Z`)
  if (Number.isNaN(asUtc)) return undefined
  // Twice: the clock may change between the first guess and the time itself.
  const guess = asUtc - aheadOf(asUtc, timeZone)
  return asUtc - aheadOf(guess, timeZone)
}
