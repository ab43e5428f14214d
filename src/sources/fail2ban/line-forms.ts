import { isObject } from '#lib/json.ts'

/** A line of fail2ban without what was put around it. */
export interface BareLine {
  /** `YYYY-MM-DD HH:MM:SS,mmm`, local and without its zone. */
  readonly time: string
  /** The same moment, ms, where the line tells its zone. */
  readonly at?: number
  readonly jail: string | undefined
  readonly text: string
}

const STAMP = String.raw`(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})`
/** `[sshd] Ban 192.0.2.1`, or what the server says of itself. */
const SAID = String.raw`(?:\[([^\]]{1,100})\] )?(.*)$`
/** As fail2ban writes by itself: `2026-11-20 10:01:03,123 fail2ban.actions [77]: NOTICE [sshd] Ban …`. */
const PLAIN = new RegExp(String.raw`^${STAMP} fail2ban(?:\.[\w.]+)?\s*(?:\[\d+\])?:\s+(?:[A-Z]{3,10})\s*${SAID}`)
/** When it was started to say more (`-v` and above): ` 2026-11-20 10:01:03,123 7F3A NOTIC [sshd] Ban …`. */
const VERBOSE = new RegExp(
  String.raw`^ ?${STAMP} (?:\+ *\d+ )?[0-9A-F]{4,16} (?:fail2ban[\w.]* +)?[A-Z]{3,10} +(?:\| [^|]{1,80} \| )?${SAID}`,
)
/** Behind what a log of a whole system puts in front: no time of its own. */
const UNTIMED = new RegExp(String.raw`^fail2ban[\w.-]*\s*(?:\[\d+\])?:\s+[A-Z]{3,10}\s+${SAID}`)

const ISO = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`
/** `Nov 25 10:01:03 host ` or `2026-11-25T10:01:03.123+01:00 host `, behind a priority. */
const SYSLOG = new RegExp(String.raw`^(?:<\d{1,3}>)?(?:([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d)|(${ISO})) \S{1,255} `)
/** `fail2ban-server[77]: ` in front of a line that is whole by itself; of nobody else, who may log what strangers write. */
const IDENT = /^(?:fail2ban[\w.-]{0,40}|python3?|[0-9a-f]{12})(?:\[\d+\])?: /
/** `fail2ban  | ` of compose, `2026-11-25T10:01:03Z stdout F ` of a container's log. */
const CONTAINER = new RegExp(String.raw`^(?:[\w.-]{1,64} *\| |${ISO} std(?:out|err) [FP] )`)

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAY_MS = 86_400_000

const own = (line: string): BareLine | undefined => {
  const [, time, jail, text] = PLAIN.exec(line) ?? VERBOSE.exec(line) ?? []
  return time === undefined ? undefined : { time, jail, text: text! }
}

const untimed = (line: string): Pick<BareLine, 'jail' | 'text'> | undefined => {
  const [, jail, text] = UNTIMED.exec(line) ?? []
  return text === undefined ? undefined : { jail, text }
}

/** A time that names its zone: as text without it, and the moment. */
const zoned = (iso: string): Pick<BareLine, 'time' | 'at'> | undefined => {
  const at = Date.parse(iso.replace(' ', 'T').replace(',', '.'))
  return Number.isNaN(at) ? undefined : { time: `${iso.slice(0, 10)} ${iso.slice(11, 19)},000`, at }
}

/** Syslog leaves out the year: it is the latest one in which the day is not ahead. */
const withYear = (month: string, day: string, clock: string, nowMs: number | undefined): string | undefined => {
  const index = MONTHS.indexOf(month)
  if (index < 0 || nowMs === undefined) return undefined
  const latest = new Date(nowMs + DAY_MS)
  const year = latest.getUTCFullYear()
  const ahead = Date.UTC(year, index, Number(day)) > latest.getTime()
  const two = (value: number) => String(value).padStart(2, '0')
  return `${ahead ? year - 1 : year}-${two(index + 1)}-${two(Number(day))} ${clock},000`
}

const ofSyslog = (line: string, nowMs: number | undefined): BareLine | undefined => {
  const [head, month, day, clock, iso] = SYSLOG.exec(line) ?? []
  if (head === undefined) return undefined
  const rest = line.slice(head.length)
  const inner = rest.replace(IDENT, '')
  const whole = own(inner)
  if (whole) return whole
  const said = untimed(rest) ?? untimed(inner)
  if (!said) return undefined
  if (iso !== undefined) {
    const time = zoned(iso)
    return time && { ...time, ...said }
  }
  const time = withYear(month!, day!, clock!, nowMs)
  return time === undefined ? undefined : { time, ...said }
}

/** Docker's `{"log": …, "time": …}` and journalctl's `{"MESSAGE": …, "__REALTIME_TIMESTAMP": …}`. */
const ofJson = (line: string): BareLine | undefined => {
  try {
    const fields: unknown = JSON.parse(line)
    if (!isObject(fields)) return undefined
    const text = fields.log ?? fields.MESSAGE ?? fields.message
    if (typeof text !== 'string') return undefined
    const bare = text.trimEnd()
    const said = own(bare) ?? own(bare.replace(IDENT, ''))
    if (said) return said
    const rest = untimed(bare)
    const micros = Number(fields.__REALTIME_TIMESTAMP)
    const iso = Number.isFinite(micros) ? new Date(micros / 1000).toISOString() : fields.time
    const time = rest && typeof iso === 'string' ? zoned(iso) : undefined
    return time && { ...time, ...rest! }
  } catch {
    return undefined
  }
}

/**
 * Finds fail2ban's own words in a line, in each of the forms in which its log comes: its file, more or less verbose,
 * through syslog or the journal, from a container. Undefined for what is not its. `nowMs` says which year syslog means.
 * Only prefixes of known form are taken off: text of others, further on in a line, is never read as a line.
 */
export const bareLine = (line: string, nowMs: number | undefined): BareLine | undefined => {
  const plain = own(line)
  if (plain) return plain
  if (line.startsWith('{')) return ofJson(line)
  return ofSyslog(line, nowMs) ?? (CONTAINER.test(line) ? own(line.replace(CONTAINER, '')) : undefined)
}
