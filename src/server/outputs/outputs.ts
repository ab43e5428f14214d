import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Channel } from '#core/message/channel-spec.ts'
import type { OutputFile, OutputsWanted } from '#core/outputs.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { KnownMonitor, Registry } from '#pipeline/decide/registry.ts'
import type { Storage } from '#storage/index.ts'
import type { Live } from '../live-event.ts'
import { append, keepNewest, replace } from './files.ts'
import {
  DAILY_NAME,
  dailyHead,
  dailyLine,
  dailyName,
  errorLine,
  logLine,
  mailLine,
  momentOf,
  readStatus,
  statusKey,
  statusText,
} from './formats.ts'

export interface OutputsDeps {
  readonly storage: Pick<Storage, 'states' | 'notifications' | 'alerts'>
  readonly registry: Pick<Registry, 'monitor' | 'monitors' | 'channel'>
  readonly live: Pick<Live, 'listen'>
  readonly timeZone: () => string
  /** Addresses that a channel writes to, by its options. */
  readonly recipientsOf: (channel: Channel) => readonly string[]
  readonly clock: Pick<Clock, 'now'>
  readonly timers: Timers
  readonly log: Pick<Logger, 'warn'>
}

/** Older tools told again of what is down with each pass. */
const PASS_MS = 30_000
const DAYS_KEPT = 150
const WARNED_AGAIN_MS = 3_600_000

interface Change {
  readonly type?: string
  readonly monitor?: number | null
  readonly state?: string
}

interface Told {
  readonly id: number
  readonly ok: boolean
  readonly final: boolean
}

const hostOf = ({ monitor, target }: KnownMonitor) => ({
  target,
  description: monitor.description ?? '',
  location: monitor.labels.location ?? monitor.labels.site ?? '',
})

/** Writes the files of older tools, for scripts that still read them, as long as it runs. Returns the way to stop. */
export const startOutputs = async (
  { folder, files }: OutputsWanted,
  deps: OutputsDeps,
): Promise<() => Promise<void>> => {
  const { storage, registry, live, timeZone, recipientsOf, clock, timers, log } = deps
  const wants = (file: OutputFile) => files.includes(file)
  const at = () => momentOf(clock.now(), timeZone())
  const path = (name: string) => join(folder, name)
  const down = new Set<number>()
  /** What `server_status.txt` says: only who was down at any time stands there. */
  const known = new Map<string, boolean>()
  let warnedAt = Number.NEGATIVE_INFINITY

  /** A folder that takes nothing costs its lines and nothing else, and is told once an hour. */
  const attempt = (write: () => void) => {
    try {
      write()
    } catch (error) {
      if (Math.abs(clock.now() - warnedAt) < WARNED_AGAIN_MS) return
      warnedAt = clock.now()
      log.warn({ folder, reason: (error as Error).message }, 'a file for older scripts could not be written')
    }
  }

  const writeStatus = () => {
    if (!wants('server_status')) return
    const present = new Set(registry.monitors().map(({ monitor }) => statusKey(monitor.name)))
    for (const name of known.keys()) if (!present.has(name)) known.delete(name)
    attempt(() => replace(path('server_status.txt'), statusText(known)))
  }
  const addToDay = (lines: string) => {
    const now = at()
    attempt(() => {
      append(path(join('logs', dailyName(now))), lines, dailyHead(now))
      keepNewest(path('logs'), DAILY_NAME, ([, month, day, year]) => `${year}${month}${day}`, DAYS_KEPT)
    })
  }
  const writeDown = (ids: Iterable<number>) => {
    const now = at()
    const hosts = [...ids].flatMap((id) => registry.monitor(id) ?? [])
    if (hosts.length === 0) return
    if (wants('logs'))
      attempt(() =>
        append(path('logs.txt'), hosts.map(({ monitor, target }) => logLine(now, monitor.name, target)).join('')),
      )
    if (wants('daily_log')) addToDay(hosts.map((host) => dailyLine(now, hostOf(host), true)).join(''))
  }

  const noteChange = ({ type, monitor: id, state }: Change) => {
    const host = type === 'monitor_state' && typeof id === 'number' ? registry.monitor(id) : undefined
    if (!host || typeof id !== 'number') return
    const isDown = state === 'down'
    // What nobody sees is as it was seen last.
    if (state === 'unknown' || down.has(id) === isDown) return
    if (isDown) down.add(id)
    else down.delete(id)
    known.set(statusKey(host.monitor.name), isDown)
    writeStatus()
    if (isDown) writeDown([id])
    else if (wants('daily_log')) addToDay(dailyLine(at(), hostOf(host), false))
  }

  /** A mail that went, or could not. */
  const noteMail = async ({ id, ok, final }: Told) => {
    const notification = await storage.notifications.byId(id)
    const channel = notification && registry.channel(notification.channelId)
    if (!notification || channel?.type !== 'email') return
    if (!ok) {
      if (final && wants('error_log'))
        attempt(() => append(path('error_log.txt'), errorLine(at(), notification.error ?? '')))
      return
    }
    const { monitor, state } = notification.payload
    const isOutage = monitor !== null && state !== 'degraded' && notification.reason !== 'resolved'
    if (!isOutage || !wants('mail_log') || monitor === undefined) return
    const lines = recipientsOf(channel).map((recipient) => mailLine(at(), recipient, notification.payload.subject))
    if (lines.length > 0) attempt(() => append(path('mail_log.txt'), lines.join('')))
  }

  const inTurn = createTurns()
  const hear = (kind: string, data: object) => {
    if (kind === 'event') noteChange(data as Change)
    else if (kind === 'notification') void inTurn(() => noteMail(data as Told)).catch(() => {})
  }

  try {
    for (const [name, isDown] of readStatus(readFileSync(path('server_status.txt'), 'utf8'))) known.set(name, isDown)
  } catch {
    // The first time there is none.
  }
  for (const { monitorId, state } of await storage.states.all()) {
    const name = registry.monitor(monitorId)?.monitor.name
    if (name === undefined) continue
    if (state === 'down') down.add(monitorId)
    if (state === 'down' || (state === 'up' && known.has(statusKey(name)))) known.set(statusKey(name), state === 'down')
  }
  writeStatus()
  const stopListening = live.listen(hear)
  const pass = timers.every(PASS_MS, () => writeDown(down))
  pass.unref()
  return async () => {
    stopListening()
    timers.clear(pass)
    await inTurn(async () => {})
  }
}
