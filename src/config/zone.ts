import { nearest } from './nearest.ts'

/** What is wrong with the name of a time zone, and what would be right. */
export const zoneProblem = (zone: string): string | undefined => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return undefined
  } catch {
    const meant = nearest(zone, Intl.supportedValuesOf('timeZone'))
    return `${zone} is not known, ${meant ? `did you mean ${meant}?` : 'write an IANA name such as America/Lima'}`
  }
}
