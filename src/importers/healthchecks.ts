import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { cronProblem, nextTime } from '#lib/time/cron.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import {
  type Found,
  type ImportPlan,
  type Left,
  type ReadingContext,
  SourceError,
  type WasDown,
} from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { createNames } from './names.ts'
import type { Source, SourceFile } from './source.ts'
import { readJson } from './text/json-text.ts'

type Check = Readonly<Record<string, unknown>>

const text = (check: Check, name: string): string | undefined =>
  typeof check[name] === 'string' && check[name] !== '' ? (check[name] as string) : undefined

/** Calls of a schedule that are looked at for the longest wait between two of them: a month of hours. */
const CALLS = 750

/** The longest time between two calls of a schedule, ms; undefined for what is no cron. */
const longestWait = (cron: string, zone: string, now: number): number | undefined => {
  if (cronProblem(cron, zone) !== undefined) return undefined
  let [at, longest] = [nextTime(cron, zone, now), 0]
  for (let call = 0; call < CALLS && at !== null; call++) {
    const next = nextTime(cron, zone, at)
    if (next === null) break
    longest = Math.max(longest, next - at)
    at = next
  }
  return longest > 0 ? longest : undefined
}

interface Calls {
  readonly periodMs: number
  readonly notes: readonly Cause[]
}

/** How often a check is called. */
const callsOf = (check: Check, now: number): Calls | undefined => {
  const schedule = text(check, 'schedule')
  if (schedule === undefined) {
    const seconds = Number(check.timeout ?? 0)
    return seconds > 0 ? { periodMs: seconds * 1000, notes: [] } : undefined
  }
  const zone = text(check, 'tz')
  const periodMs = longestWait(schedule, zone !== undefined && isTimeZone(zone) ? zone : 'UTC', now)
  if (periodMs === undefined) return undefined
  const instead = `period ${Math.round(periodMs / 60_000)}m`
  return { periodMs, notes: [because('import_setting_becomes', { setting: `schedule ${schedule}`, instead })] }
}

/** What a check is known by there, in every version of its API. */
const keyOf = (check: Check): string | undefined =>
  text(check, 'uuid') ?? text(check, 'unique_key') ?? text(check, 'ping_url')?.split('/').at(-1)

const read = (_source: Source, file: SourceFile, context: ReadingContext): ImportPlan => {
  const exported = readJson(file)
  const checks = isObject(exported) ? exported.checks : exported
  if (!Array.isArray(checks))
    throw new SourceError({ file: file.name, line: 1 }, because('import_kind_not_found', { kind: 'healthchecks' }))
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  const left: Left[] = []
  const down: WasDown[] = []
  for (const [index, check] of checks.entries()) {
    if (!isObject(check)) continue
    const place = { file: file.name, table: 'checks', row: index + 1 }
    const called = text(check, 'name') ?? text(check, 'slug') ?? keyOf(check) ?? ''
    const calls = callsOf(check, context.now)
    if (!calls) {
      left.push({
        what: called,
        place,
        why: because('import_value_unread', { field: 'schedule', text: String(check.schedule ?? check.timeout) }),
      })
      continue
    }
    const { name, notes: renamed } = nameOf(called, keyOf(check)?.slice(0, 8))
    const grace = Number(check.grace ?? 0)
    const paused = check.status === 'paused'
    const tags = text(check, 'tags')
    const told = text(check, 'channels')
    const key = keyOf(check)
    const notes = [
      ...calls.notes,
      because('import_setting_becomes', { setting: 'ping URL', instead: 'vigia push-url NAME' }),
      // Its API tells no secret, and of its integrations only what they are called.
      ...(told === undefined ? [] : [because('import_setting_left', { setting: 'integrations' })]),
      ...renamed,
      ...(paused ? [because('import_was_paused')] : []),
    ]
    monitors.push({
      place,
      ...(key !== undefined && { key }),
      notes,
      entry: {
        name,
        type: 'push',
        options: { period: `${Math.round(calls.periodMs / 1000)}s`, grace: `${grace > 0 ? grace : 60}s` },
        ...(text(check, 'desc') && { description: text(check, 'desc')!.slice(0, 2000) }),
        ...(tags !== undefined && { labels: { tags } }),
        ...(paused && { paused: true }),
      },
    })
    if (check.status !== 'down') continue
    const last = Date.parse(text(check, 'last_ping') ?? '')
    const since = Number.isFinite(last) ? last + calls.periodMs + grace * 1000 : null
    down.push({ monitor: name, place, since, toldAt: since })
  }
  return { kind: 'healthchecks', tool: 'Healthchecks', monitors, left, down }
}

/** What the API of Healthchecks lists: its checks with periods, schedules and grace. */
export const healthchecks = defineImporter({
  kind: 'healthchecks',
  title: 'Healthchecks (API export, JSON)',
  recognises: (file) => {
    const head = file.headText()
    return /^\s*[{[]/.test(head) && /"grace"\s*:/.test(head) && /"(?:ping_url|n_pings|unique_key)"\s*:/.test(head)
  },
  read,
})
