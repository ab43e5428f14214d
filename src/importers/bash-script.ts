import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { momentsOf, plainTime } from '#lib/time/zone.ts'
import type { Found, ImportPlan, Left, Place, ReadingContext, WasDown } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { createNames } from './names.ts'
import type { Source, SourceFile } from './source.ts'
import { readBashArray, readBashValue } from './text/bash-words.ts'
import { shortened } from './text/lines.ts'
import { type PythonName, readPythonValues } from './text/python-values.ts'

const TOOL = 'alert_servidores'
const CHANNEL = 'mail'
/** Lines of its log are as far apart as its rounds: what is further apart were two outages. */
const SAME_OUTAGE_MS = 15 * 60_000

const numberIn = (text: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** It looks as often at who is down as at the rest. A round of its five packets takes longer than a second. */
const rounds = (every: number) => {
  const interval = `${Math.max(every, 2)}s`
  return { interval, retry_interval: interval, recovery_interval: interval }
}

interface Server {
  readonly key: string
  readonly name: string
}

/** The servers of the script as monitors. */
const monitorsOf = (script: SourceFile, channels: readonly string[]) => {
  const text = script.text()
  const { entries, unread } = readBashArray(text, 'SERVIDORES')
  const every = numberIn(text, /^[ \t]*sleep[ \t]+(\d+)/m)
  const packets = numberIn(text, /\bping\b[^\n]*[ \t]-c[ \t]*(\d+)/)
  const wait = numberIn(text, /\bping\b[^\n]*[ \t]-W[ \t]*(\d+)/)
  const left: Left[] = unread.map(({ line, text: words }) => ({
    what: 'SERVIDORES',
    place: { file: script.name, line },
    why: because('import_line_unread', { text: shortened(words) }),
  }))
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  const servers: Server[] = []
  // The shell keeps the last of those with one key.
  const last = new Map(entries.map((entry) => [entry.key, entry]))
  for (const { key, value, line, open } of last.values()) {
    const place: Place = { file: script.name, line }
    if (open || value === '') {
      left.push({ what: key, place, why: because('import_value_unresolved', { field: key, text: shortened(value) }) })
      continue
    }
    const { name, notes } = nameOf(key)
    servers.push({ key, name })
    monitors.push({
      key,
      place,
      notes,
      entry: {
        name,
        type: 'icmp',
        options: { host: value, packets: Math.min(packets ?? 5, 20) },
        preset: 'alert_servidores',
        ...(every !== undefined && every > 0 && rounds(every)),
        ...(wait !== undefined && wait > 0 && { timeout: `${wait}s` }),
        notify_recovery: true,
        channels: [...channels],
      },
    })
  }
  return { monitors, servers, left, text }
}

const textOf = (names: ReadonlyMap<string, PythonName>, name: string): string | undefined => {
  const value = names.get(name)?.value
  return typeof value === 'string' ? value : undefined
}

const isAddress = (text: unknown): text is string => typeof text === 'string' && /^[^\s@]+@[^\s@]+$/.test(text)

/** The mails that `send_mail.py` sends. */
const mailOf = (file: SourceFile | undefined): { channel?: Found<ChannelEntry>; left: Left[] } => {
  if (!file) return { left: [] }
  const text = file.text()
  const names = readPythonValues(text)
  if (!names.has('servidor') && !names.has('destinatarios')) return { left: [] }
  const listed = names.get('destinatarios')?.value
  const to = Array.isArray(listed) ? listed.filter(isAddress) : []
  const [user, password, host] = ['mail', 'pas', 'servidor'].map((name) => textOf(names, name))
  const left: Left[] = []
  const missing = (name: string): Cause => because('import_secret_missing', { field: name })
  const notes = password === undefined ? [missing('smtp.password')] : []
  const place = { file: file.name, line: names.get('servidor')?.line ?? names.get('destinatarios')!.line }
  if (to.length === 0) return { left: [{ what: CHANNEL, place, why: missing('to') }] }
  const smtp = {
    ...(host && { host, port: numberIn(text, /\bSMTP\(\s*\w+\s*,\s*(\d+)/) ?? 587 }),
    ...(user && { user }),
    ...(password && { password }),
  }
  const channel = {
    place,
    notes,
    entry: {
      name: CHANNEL,
      type: 'email',
      language: 'es' as const,
      rate_limit: '1 per 1h',
      options: { to, ...(isAddress(user) && { from: user }), smtp },
    },
  }
  return { channel, left }
}

/** When each server's failures began, ms, as the log tells them: a line at each round while it is down. */
const beginnings = (log: SourceFile | undefined, timeZone: string): ReadonlyMap<string, number> => {
  const runs = new Map<string, { from: number; to: number }>()
  for (const line of log?.text().split('\n') ?? []) {
    const found = /^(\d\d)\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) (\S+) \S+ no responde/.exec(line)
    if (!found) continue
    const [day, month, year, hour, minute, second] = found.slice(1, 7).map(Number)
    const wall = plainTime(2000 + year!, month!, day!, hour, minute, second)
    if (!wall) continue
    const at = momentsOf(wall, timeZone).earlier
    const run = runs.get(found[7]!)
    if (run && at - run.to <= SAME_OUTAGE_MS && at >= run.from) run.to = Math.max(run.to, at)
    else runs.set(found[7]!, { from: at, to: at })
  }
  return new Map([...runs].map(([name, { from }]) => [name, from]))
}

/** When the last mail went, ms. */
const lastMail = (file: SourceFile | undefined): { at: number | null; left: Left[] } => {
  if (!file) return { at: null, left: [] }
  const text = file.text().trim()
  const seconds = Number(text)
  if (text !== '' && seconds > 0 && seconds < 1e11) return { at: Math.round(seconds * 1000), left: [] }
  const why = because('import_time_unread', { text: shortened(text, 40) })
  return { at: null, left: [{ what: 'last_email_time', place: { file: file.name, line: 1 }, why }] }
}

/** Who was down by the status file, which has a line for each that ever failed. */
const downOf = (
  source: Source,
  script: SourceFile,
  text: string,
  servers: readonly Server[],
  context: ReadingContext,
): { down: WasDown[]; left: Left[] } => {
  const status = source.file(readBashValue(text, 'STATUS_FILE') ?? 'server_status.txt', script)
  if (!status) return { down: [], left: [] }
  const began = beginnings(source.file(readBashValue(text, 'LOG_FILE') ?? 'logs.txt', script), context.timeZone)
  const { at: mailAt, left } = lastMail(source.file('last_email_time.txt', script))
  // It writes and reads the first two words of a line: of a name with a blank only the first word is there.
  const byWord = new Map(servers.map((server) => [server.key.split(' ')[0]!, server]))
  const states = new Map<string, { state: string; line: number }>()
  for (const [index, line] of status.text().split('\n').entries()) {
    const [name = '', state = ''] = line.trim().split(' ')
    if (name === '') continue
    const place = { file: status.name, line: index + 1 }
    if (state !== 'OK' && state !== 'NO_RESPONDE')
      left.push({ what: name, place, why: because('import_line_unread', { text: shortened(line) }) })
    else states.set(name, { state, line: index + 1 })
  }
  const down: WasDown[] = []
  for (const [name, { state, line }] of states) {
    if (state !== 'NO_RESPONDE') continue
    const place = { file: status.name, line }
    const server = byWord.get(name)
    if (!server) {
      left.push({ what: name, place, why: because('import_down_of_none', { name }) })
      continue
    }
    const since = began.get(name) ?? null
    const toldAt = mailAt !== null && (since === null || mailAt >= since) ? mailAt : since
    down.push({ monitor: server.name, place, since, toldAt })
  }
  return { down, left }
}

const read = (source: Source, script: SourceFile, context: ReadingContext): ImportPlan => {
  const mail = mailOf(source.file('send_mail.py', script))
  const channels = mail.channel ? [mail.channel] : []
  const { monitors, servers, left, text } = monitorsOf(
    script,
    channels.map(({ entry }) => entry.name),
  )
  const states = downOf(source, script, text, servers, context)
  const told = { what: TOOL, place: { file: script.name }, why: because('import_recovery_told') }
  return {
    kind: 'bash',
    tool: TOOL,
    channels,
    monitors,
    down: states.down,
    left: [...mail.left, ...left, ...states.left],
    remarks: monitors.length > 0 ? [told] : [],
  }
}

/** The ping script: its list of servers, who was down, and to whom it wrote. */
export const bashScript = defineImporter({
  kind: 'bash',
  title: 'ping script (SERVIDORES)',
  recognises: (file) => /^[ \t]*(?:declare[ \t]+-A[ \t]+)?SERVIDORES\+?(?:=\(|\[)/m.test(file.headText()),
  read,
})
