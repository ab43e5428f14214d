import type { FastifyInstance } from 'fastify'
import { because } from '#core/cause/cause.ts'
import { codeFields } from '#core/cause/cause-fields.ts'
import { SEVERITIES, type Severity } from '#core/event/severity.ts'
import type { Notification } from '#core/message/notification.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import type { DeliveryLogEntry } from '#storage/delivery-log.ts'
import { inEnglish } from '#templates/said.ts'
import type { Services } from '../services.ts'
import { olderTime } from './answers.ts'

const HOUR_MS = 3_600_000
const MOST_ROWS = 1000
const ROWS_AT_ONCE = 20
const MOST_HOURS = 100_000
const TOP_RULES = 5

type Query = Readonly<Record<string, string | string[] | undefined>>

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

/** A number of a query; what is none is the default, as the older panel read it. */
const integer = (value: string | string[] | undefined, standard: number, most: number): number => {
  const text = first(value)?.trim() ?? ''
  return /^\+?\d+$/.test(text) ? Math.min(Number(text), most) : standard
}

const OUTCOMES = new Map([
  ['true', true],
  ['false', false],
])

/** The event as the older panel kept it: its fields with type and severity beside them. */
const metadataOf = ({ event, severity, monitor, target, state, cause, labels }: NotificationFacts): object =>
  event
    ? { ...event.data, type: event.type, severity }
    : { type: 'monitor_state', severity, monitor, target, state, cause, labels }

/** What went wrong, and by whom it was told after all. */
const errorOf = ({ error, cause, sentBy }: DeliveryLogEntry) => {
  if (sentBy === null) return { error_message: error, ...codeFields(cause) }
  const failed = cause ?? because('as_said', { words: String(error) })
  const whole = because('failed_and_sent_by_fallback', { cause: failed, channel: sentBy })
  return { error_message: inEnglish(whole), ...codeFields(whole) }
}

export const addLogs = (app: FastifyInstance, services: Services): void => {
  const { storage, now, timers } = services

  /** One row per attempt; its words are written anew, as they were at its time. */
  const view = async (entry: DeliveryLogEntry, notification: Notification) => {
    const facts = notification.payload
    const words = await services.words(notification, entry.at)
    return {
      id: entry.id,
      rule_id: entry.ruleId,
      rule_name: entry.ruleName,
      channel_id: entry.channelId,
      channel_name: entry.channelName,
      severity: facts.severity,
      subject: words.subject,
      message: words.text,
      event_metadata: metadataOf(facts),
      sent_at: olderTime(entry.at),
      success: entry.ok,
      ...errorOf(entry),
      response_code: entry.code,
      send_duration_ms: entry.durationMs,
      ...(entry.test && { test: true }),
    }
  }

  app.get<{ Querystring: Query }>('/logs', async ({ query }) => {
    const severity = first(query.severity)?.toUpperCase()
    if (severity && !SEVERITIES.includes(severity as Severity)) return { success: true, logs: [], total: 0 }
    const ok = OUTCOMES.get(first(query.success)?.toLowerCase() ?? '')
    const entries = await storage.deliveryLog.list({
      since: now() - integer(query.hours_back, 24, MOST_HOURS) * HOUR_MS,
      limit: integer(query.limit, 100, MOST_ROWS),
      tests: first(query.tests)?.toLowerCase() === 'true',
      ...(severity && { severity: severity as Severity }),
      ...(ok !== undefined && { ok }),
    })
    const logs: object[] = []
    for (const [index, entry] of entries.entries()) {
      // Writing a thousand messages takes a third of a second: others get their turn in between.
      if (index % ROWS_AT_ONCE === 0) await timers.turn()
      const notification = await storage.notifications.byId(entry.notificationId)
      if (notification) logs.push(await view(entry, notification))
    }
    return { success: true, logs, total: logs.length }
  })

  app.get<{ Querystring: Query }>('/logs/stats', async ({ query }) => {
    const hours = integer(query.hours_back, 24, MOST_HOURS)
    const since = now() - hours * HOUR_MS
    const counts = await storage.deliveryLog.counts(since)
    const top = await storage.deliveryLog.topRules(since, TOP_RULES)
    const rules = await storage.rules.list()
    const sum = (rows: typeof counts) => rows.reduce((total, { count }) => total + count, 0)
    const total = sum(counts)
    const successful = sum(counts.filter(({ ok }) => ok))
    const bySeverity = SEVERITIES.map((one) => [
      one.toLowerCase(),
      sum(counts.filter(({ severity }) => severity === one)),
    ])
    return {
      success: true,
      hours_back: hours,
      stats: {
        total_sent: total,
        successful,
        failed: total - successful,
        success_rate: total === 0 ? 0 : Math.round((successful / total) * 10_000) / 100,
        by_severity: Object.fromEntries(bySeverity),
        active_channels: services.channels().filter(({ enabled }) => enabled).length,
        active_rules: rules.filter(({ enabled }) => enabled).length,
        top_rules: top.map(({ name, count }) => ({ rule_name: name, count })),
      },
    }
  })
}
