/** Lines of files that older tools wrote, to the byte: scripts take them apart by their blanks. Times are local ones. */

/** A moment in the zone of the server. */
type Moment = Temporal.ZonedDateTime

const two = (number: number): string => String(number).padStart(2, '0')

export const momentOf = (ms: number, timeZone: string): Moment =>
  Temporal.Instant.fromEpochMilliseconds(Math.trunc(ms)).toZonedDateTimeISO(timeZone)

/** `30/11/26 08:15:02`. */
const dayAndTime = ({ day, month, year, hour, minute, second }: Moment): string =>
  `${two(day)}/${two(month)}/${two(year % 100)} ${two(hour)}:${two(minute)}:${two(second)}`

/** A name as one field: who reads it takes what stands before the first blank. */
const field = (text: string): string => text.replaceAll(/\s+/g, '_')
/** What may stand at the end of a line. */
const rest = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** `server_status.txt`: one line for each server that is down, or that was and is well again. */
export const statusText = (states: ReadonlyMap<string, boolean>): string =>
  [...states]
    .map(([name, isDown]) => `${field(name)} ${isDown ? 'NO_RESPONDE' : 'OK'}\n`)
    .sort()
    .join('')

/** What an earlier `server_status.txt` says, by field names. */
export const readStatus = (text: string): ReadonlyMap<string, boolean> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [name, state] = line.split(/\s+/)
      return name && state ? [[name, state === 'NO_RESPONDE'] as const] : []
    }),
  )

export const statusKey = field

/** `logs.txt`: of each server that is down, again and again while it is. */
export const logLine = (at: Moment, name: string, target: string): string =>
  `${dayAndTime(at)} ${field(name)} ${field(target)} no responde\n`

/** `mail_log.txt`: one line for each recipient. */
export const mailLine = (at: Moment, recipient: string, name: string): string =>
  `${dayAndTime(at)} ${field(recipient)} NO responde una parte de la red: ${rest(name)}\n`

/** `error_log.txt`. */
export const errorLine = (at: Moment, why: string): string =>
  `${dayAndTime(at)} Error al enviar el correo: ${rest(why)}\n`

/** `08:15 AM`. */
const clock = ({ hour, minute }: Moment): string => `${two(hour % 12 || 12)}:${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`
const day = ({ day: number, month, year }: Moment): string => `${two(month)}-${two(number)}-${year}`

/** `logs/log_11-30-2026.txt`, one for each day. */
export const dailyName = (at: Moment): string => `log_${day(at)}.txt`
export const DAILY_NAME = /^log_(\d\d)-(\d\d)-(\d{4})\.txt$/
export const dailyHead = (at: Moment): string => `${day(at)} @ ${clock(at)}\n`

/** A text as Python writes it in a list. */
const python = (text: string): string => {
  const escaped = rest(text).replaceAll('\\', '\\\\')
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

/** A host with its description and place, as the lines of a day name it. */
export interface DailyHost {
  readonly target: string
  readonly description: string
  readonly location: string
}

export const dailyLine = (at: Moment, { target, description, location }: DailyHost, isDown: boolean): string =>
  `${clock(at)} Connection to host [${[target, description, location].map(python).join(', ')}] ${isDown ? 'FAILED' : 'RESTORED'}\n`
