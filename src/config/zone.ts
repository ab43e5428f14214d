import { nearest } from '#lib/text/nearest.ts'
import { isTimeZone } from '#lib/time/zone.ts'

/** What is wrong with the name of a time zone, and what would be right. */
export const zoneProblem = (zone: string): string | undefined => {
  if (isTimeZone(zone)) return undefined
  const meant = nearest(zone, Intl.supportedValuesOf('timeZone'))
  return `${zone} is not known, ${meant ? `did you mean ${meant}?` : 'write an IANA name such as America/Lima'}`
}
