import { zonedMoment } from './zone.ts'

/**
 * The beginnings of the days by the clock of a zone, ms, from the one in which `from` lies to the last one before `to`:
 * most are 24 hours apart, those with a change of clocks are not. Where midnight itself is skipped, a day begins with the
 * first time that its clock shows; a date that a zone left out is no day.
 */
export const zonedDays = (from: number, to: number, timeZone: string): number[] => {
  const days: number[] = []
  for (let day = zonedMoment(from, timeZone).startOfDay(); ; day = day.add({ days: 1 }).startOfDay()) {
    if (day.epochMilliseconds >= to) return days
    days.push(day.epochMilliseconds)
  }
}
