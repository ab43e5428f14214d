import type { Watching } from './monitor-schema.ts'

/**
 * What the documents of the older tools promise. Where their code did something else, the plain settings reach it; the
 * reference of the configuration lists both.
 */
export const PRESETS: Readonly<Record<NonNullable<Watching['preset']>, Watching>> = {
  // A ping script: a round each minute, the first failure tells, no recovery mail.
  alert_servidores: {
    interval: '60s',
    failures: 1,
    successes: 1,
    retry_interval: '60s',
    recovery_interval: '60s',
    reminder: 0,
    notify_recovery: false,
  },
  // A ping tester with mail: three attempts, hourly reminders, recovery notice.
  connection_tester: {
    interval: '300s',
    failures: 3,
    successes: 1,
    retry_interval: '1s',
    recovery_interval: '300s',
    reminder: '60m',
    notify_recovery: true,
  },
  // A TCP service monitor: every 30 s, three failures, looked at each 5 s while down.
  down_detector: {
    interval: '30s',
    timeout: '200ms',
    failures: 3,
    successes: 1,
    retry_interval: '30s',
    recovery_interval: '5s',
    reminder: 0,
    notify_recovery: true,
  },
}

/** Settings that every monitor has in the end. */
export type Effective = {
  readonly [Key in Exclude<keyof Watching, 'timeout' | 'channels' | 'preset'>]-?: NonNullable<Watching[Key]>
}

/** What holds where neither the monitor, its preset, nor `defaults` says anything. */
export const BUILT_IN: Effective = {
  interval: '60s',
  failures: 3,
  successes: 3,
  retry_interval: '5s',
  recovery_interval: '15s',
  reset_failures: 'never',
  severity: 'HIGH',
  degraded_severity: 'MEDIUM',
  reminder: ['1h', '4h', '12h'],
  notify_recovery: true,
  flapping: true,
}
