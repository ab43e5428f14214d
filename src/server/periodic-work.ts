import type { Logger } from 'pino'
import type { NewEvent } from '#core/event/event.ts'
import type { Timers } from '#lib/time/timers.ts'
import { createJobs } from '#pipeline/clockwork/jobs.ts'
import { createSchedules, type Schedules } from '#pipeline/clockwork/schedules.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Storage } from '#storage/index.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import type { Alive } from './alive.ts'
import type { AskedHistory } from './late-history.ts'

export interface PeriodicWorkDeps {
  readonly storage: Storage
  readonly persistence: Pick<Persistence, 'write'>
  readonly history: AskedHistory
  readonly settings: Pick<SettingsBook, 'get'>
  readonly alive: Pick<Alive, 'trusted'>
  readonly ingest: (events: readonly NewEvent[]) => Promise<readonly number[]>
  readonly now: () => number
  readonly timers: Timers
  /** The server's. */
  readonly timeZone: () => string
  readonly log: Pick<Logger, 'error'>
}

/** The schedules of the server's own periodic work, with that work. */
export const createPeriodicWork = (deps: PeriodicWorkDeps): Schedules => {
  const { storage, persistence, history, settings, alive, ingest, now, timers, timeZone, log } = deps
  const jobs = createJobs({
    storage,
    history: () => history,
    settings: settings.get,
    timers,
    now,
    trusted: alive.trusted,
    // What the clock makes is made once: it waits for a store that refuses.
    ingest: (events) => persistence.write(() => ingest(events)),
  })
  const onFailure = (job: string, error: unknown) => log.error({ job, err: error }, 'periodic work failed')
  return createSchedules({ storage, jobs, now, timeZone, onFailure })
}
