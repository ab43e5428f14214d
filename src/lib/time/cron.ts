import { Cron } from 'croner'

const tableOf = (cron: string, timeZone: string) => new Cron(cron, { paused: true, mode: '5-part', timezone: timeZone })

/** The first time after a moment at which a time table of five fields is due by the clock of a zone, ms; null: never. */
export const nextTime = (cron: string, timeZone: string, after: number): number | null =>
  tableOf(cron, timeZone).nextRun(new Date(after))?.getTime() ?? null

/** What is wrong with a time table, as the end of a sentence that begins with it; undefined when nothing is. */
export const cronProblem = (cron: string, timeZone: string): string | undefined => {
  try {
    return tableOf(cron, timeZone).nextRun() ? undefined : 'never comes'
  } catch {
    return 'is not a time table of five fields, write for example "0 2 * * 2" for Tuesdays at 02:00'
  }
}
