import type { Logger } from 'pino'
import type { NewEvent } from '#core/event/event.ts'
import type { Clock } from '#lib/time/clock.ts'
import { createLateAlarm, type LateAlarm, VIGIA_LATE } from '#pipeline/watch/late-alarm.ts'
import type { Storage } from '#storage/index.ts'

export interface LateWatchDeps {
  readonly storage: Pick<Storage, 'events'>
  readonly clock: Clock
  /** Tells of the server itself. */
  readonly tell: (event: NewEvent) => void
  readonly log: Pick<Logger, 'info' | 'error'>
}

/** The alarm of late probes, with what it had told before a restart; it tells by an event and in the log. */
export const createLateWatch = async ({ storage, clock, tell, log }: LateWatchDeps): Promise<LateAlarm> => {
  const [last] = await storage.events.list({ limit: 1, type: VIGIA_LATE })
  return createLateAlarm({
    now: clock.now,
    monotonic: clock.monotonic,
    told: last?.data.status === 'firing',
    onLate: (event) => {
      log.error({ since: new Date(event.at).toISOString() }, `probes are late: ${event.data.cause}`)
      tell(event)
    },
    onInTime: (event) => {
      log.info('probes begin in time again')
      tell(event)
    },
  })
}
