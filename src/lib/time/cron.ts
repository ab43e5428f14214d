import { Cron } from 'croner'

/** True where one of the day fields begins with a star: cron then wants both to hold, and else one of them (crontab(5)). */
const wantsBothDays = (cron: string): boolean => {
  const [, , month = '', , week = ''] = cron.trim().split(/\s+/)
  return month.startsWith('*') || week.startsWith('*')
}

const tableOf = (cron: string, timeZone: string) =>
  new Cron(cron, { paused: true, mode: '5-part', timezone: timeZone, domAndDow: wantsBothDays(cron) })

/**
 * The first time after a moment at which a time table is due by the clock of a zone, ms; null: never. It has five fields, or is
 * one of cron's words for such (`@daily`, `@weekly`).
 */
export const nextTime = (cron: string, timeZone: string, after: number): number | null =>
  tableOf(cron, timeZone).nextRun(new Date(after))?.getTime() ?? null

/** What is wrong with a time table; undefined when nothing is. */
export const cronFault = (cron: string, timeZone: string): 'never_comes' | 'malformed' | undefined => {
  try {
    return tableOf(cron, timeZone).nextRun() ? undefined : 'never_comes'
  } catch {
    return 'malformed'
  }
}

const WORDS = {
  never_comes: 'never comes',
  malformed: 'is not a time table of five fields, write for example "0 2 * * 2" for Tuesdays at 02:00',
} as const

/** The same in words, of which the first is the time table. */
export const cronProblem = (cron: string, timeZone: string): string | undefined => {
  const fault = cronFault(cron, timeZone)
  return fault && WORDS[fault]
}
