import { because, type Cause } from '#core/cause/cause.ts'
import type { WorkCauses } from '#core/cause/work-causes.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { ServerSettings } from '#core/server-settings.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { History } from '#storage/history/index.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import type { Job } from './schedules.ts'

export interface JobDeps {
  readonly storage: Storage
  readonly history: () => Pick<History, 'retain'>
  readonly settings: () => ServerSettings
  readonly timers: Pick<Timers, 'turn'>
  readonly now: () => number
  /** What is old is counted back from here, ms since the epoch: a clock that jumps deletes nothing. */
  readonly trusted: () => number
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Calls `remove` in transactions of their own until it finds nothing more; how many rows went. */
const removeAll = async (
  { storage, timers }: Pick<JobDeps, 'storage' | 'timers'>,
  remove: (repositories: Repositories) => Promise<number>,
): Promise<number> => {
  let total = 0
  for (;;) {
    const removed = await storage.transaction(remove)
    total += removed
    if (removed === 0) return total
    await timers.turn()
  }
}

const removed = (count: number, what: Extract<keyof WorkCauses, `${string}_removed`>): Cause =>
  count === 0 ? because('nothing_to_remove') : because(what, { count })

/** Everything that is done by the clock. The only list. */
export const createJobs = ({ storage, timers, history, settings, now, trusted, ingest }: JobDeps): readonly Job[] => [
  {
    name: 'keep-results',
    title: 'Gather old results by the minute, and remove what is older than is kept',
    'x-es': { title: 'Agrupar los resultados viejos por minuto y borrar lo que pasó de su plazo' },
    timing: { everyMs: HOUR },
    run: async () => {
      const { keep_results_days, keep_minutes_days, keep_hours_days, keep_days_days } = settings()
      const count = await history().retain(trusted(), {
        resultsMs: keep_results_days * DAY,
        minutesMs: keep_minutes_days * DAY,
        hoursMs: keep_hours_days * DAY,
        daysMs: keep_days_days * DAY,
      })
      return removed(count, 'rows_removed')
    },
  },
  {
    name: 'keep-events',
    title: 'Remove old events and what was decided about them',
    'x-es': { title: 'Borrar eventos viejos y lo que se decidió sobre ellos' },
    timing: { everyMs: HOUR },
    run: async () => {
      const { keep_events_days: days, keep_events_count: most } = settings()
      const count = await removeAll({ storage, timers }, ({ retention }) =>
        retention.events(trusted() - days * DAY, most),
      )
      return removed(count, 'events_removed')
    },
  },
  {
    name: 'keep-alerts',
    title: 'Remove old alerts with their notifications, and old changes of state',
    'x-es': { title: 'Borrar alertas viejas con sus notificaciones, y cambios de estado viejos' },
    timing: { everyMs: HOUR },
    run: async () => {
      const { keep_notifications_days: alertDays, keep_hours_days: hours } = settings()
      const alerts = await removeAll({ storage, timers }, ({ retention }) =>
        retention.alerts(trusted() - alertDays * DAY),
      )
      const changes = await removeAll({ storage, timers }, ({ retention }) =>
        retention.transitions(trusted() - hours * DAY),
      )
      return because('work_done_each', {
        each: [removed(alerts, 'alerts_removed'), removed(changes, 'changes_removed')],
      })
    },
  },
  {
    name: 'keep-access',
    title: 'Remove old audit entries, ended sessions and idempotency keys',
    'x-es': { title: 'Borrar entradas viejas de auditoría, sesiones terminadas y claves de idempotencia' },
    timing: { everyMs: HOUR },
    run: async () => {
      await storage.transaction(async ({ audit, sessions, idempotencyKeys }) => {
        await audit.removeBefore(trusted() - settings().keep_audit_days * DAY)
        await sessions.removeExpired(trusted())
        await idempotencyKeys.removeBefore(trusted() - DAY)
      })
      return because('work_done')
    },
  },
  {
    name: 'daily-summary',
    title: 'Hand in an event of type summary, for a rule to send: what is open, what is down',
    'x-es': {
      title: 'Entregar un evento de tipo summary, para que una regla lo envíe: qué está abierto, qué está caído',
    },
    timing: { cron: '0 8 * * *' },
    enabled: false,
    run: async () => {
      const open = await storage.alerts.list({ status: 'firing', limit: 1000 })
      const states = Object.groupBy(await storage.states.all(), ({ state }) => state)
      await ingest([
        {
          type: 'summary',
          source: 'schedule',
          severity: 'LOW',
          subject: 'Vigía',
          at: now(),
          receivedAt: now(),
          monitorId: null,
          data: {
            open_alerts: open.length,
            subjects: open
              .slice(0, 20)
              .map(({ subject }) => subject)
              .join(', '),
            up: states.up?.length ?? 0,
            degraded: states.degraded?.length ?? 0,
            down: states.down?.length ?? 0,
            unknown: states.unknown?.length ?? 0,
          },
        },
      ])
      return because('open_alerts_told', { count: open.length })
    },
  },
]
