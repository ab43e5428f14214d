import type { Cause } from '#core/cause/cause.ts'
/** A gauge as blackbox_exporter names it, with its samples by label text (`{phase="connect"}`, or nothing). */
export interface Gauge {
  readonly name: string
  readonly help: string
  readonly samples: ReadonlyMap<string, number>
}

export interface LogLine {
  readonly at: number
  readonly level: 'info' | 'error'
  readonly message: string
  readonly facts: Readonly<Record<string, string | number | Cause>>
}

/** Collects what a look finds out; lines of the log only where somebody asked for them. */
export interface Recorder {
  set(name: string, help: string, value: number, labels?: string): void
  /** Adds to a sample that may be there already: phases are summed over redirects. */
  add(name: string, help: string, value: number, labels?: string): void
  info(message: string, facts?: LogLine['facts']): void
  /** Notes why the probe failed; returns false, which is the verdict. */
  fail(message: string, facts?: LogLine['facts']): false
  readonly gauges: ReadonlyMap<string, Gauge>
  readonly log: readonly LogLine[]
}

export const createRecorder = (debug: boolean, now: () => number): Recorder => {
  const gauges = new Map<string, { name: string; help: string; samples: Map<string, number> }>()
  const log: LogLine[] = []
  const note = (level: LogLine['level'], message: string, facts: LogLine['facts'] = {}) => {
    if (debug) log.push({ at: now(), level, message, facts })
  }
  const samples = (name: string, help: string): Map<string, number> => {
    const known = gauges.get(name)
    if (known) return known.samples
    const made = { name, help, samples: new Map<string, number>() }
    gauges.set(name, made)
    return made.samples
  }
  return {
    set: (name, help, value, labels = '') => void samples(name, help).set(labels, value),
    add: (name, help, value, labels = '') => {
      const all = samples(name, help)
      all.set(labels, (all.get(labels) ?? 0) + value)
    },
    info: (message, facts) => note('info', message, facts),
    fail: (message, facts) => {
      note('error', message, facts)
      return false
    },
    gauges,
    log,
  }
}

/** Reports the fixed help of the gauge that several probers share. */
export const failedByRegex = (recorder: Recorder, failed: boolean): void =>
  recorder.set('probe_failed_due_to_regex', 'Whether the probe failed because of a regular expression.', failed ? 1 : 0)
