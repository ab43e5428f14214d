import type { Logger } from 'pino'
import type { NewEvent } from '#core/event/event.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import { createResolverAlarm, type ResolverAlarm, VIGIA_RESOLVER } from '#pipeline/watch/resolver-alarm.ts'
import type { Storage } from '#storage/index.ts'
import type { Faults } from './faults.ts'

export interface ResolverWatchDeps {
  readonly storage: Pick<Storage, 'events'>
  readonly persistence: Pick<Persistence, 'write'>
  readonly clock: Clock
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
  readonly faults: Faults
  readonly log: Pick<Logger, 'info' | 'error'>
}

/** The alarm of a silent resolver, with what it had told before a restart; it tells by an event and in the log. */
export const createResolverWatch = async ({
  storage,
  persistence,
  clock,
  ingest,
  faults,
  log,
}: ResolverWatchDeps): Promise<ResolverAlarm> => {
  const [last] = await storage.events.list({ limit: 1, type: VIGIA_RESOLVER })
  const firing = last?.data.status === 'firing'
  return createResolverAlarm({
    now: clock.now,
    monotonic: clock.monotonic,
    told: firing ? { subject: last.subject, since: Number(last.data.since) } : undefined,
    onEvent: (event) => {
      const since = new Date(Number(event.data.since)).toISOString()
      if (event.data.status === 'firing') log.error({ since }, String(event.data.cause))
      else log.info({ since }, String(event.data.cause))
      persistence.write(() => ingest([event])).catch(faults.bug)
    },
  })
}
