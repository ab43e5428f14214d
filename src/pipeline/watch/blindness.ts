import { because, type Cause } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { Storage } from '#storage/index.ts'
import { saidFields } from '#templates/said.ts'
import { OWN_SOURCE } from '../decide/ingest.ts'
import type { Registry } from '../decide/registry.ts'

const SUBJECT = 'Vigía'
const NAMES_TOLD = 50

/** That our own connection is down, or is back: an event without a monitor, about the server itself. Times in ms. */
const event = (status: 'firing' | 'resolved', at: number, receivedAt: number, data: NewEvent['data']): NewEvent => ({
  type: 'vigia_blind',
  source: OWN_SOURCE,
  severity: 'HIGH',
  subject: SUBJECT,
  at,
  receivedAt,
  monitorId: null,
  data: { status, since: at, ...data },
})

/** Our own connection is down since `since`: `failing` of all `witnesses` do not answer. */
export const blindEvent = (since: number, failing: number, witnesses: number, now: number): NewEvent =>
  event('firing', since, now, {
    witnesses,
    failing,
    ...saidFields(
      failing === witnesses ? because('no_witness_answers') : because('some_witnesses_silent', { failing, witnesses }),
    ),
  })

/** This machine reaches nobody since `since`, for `cause`. */
export const cutOffEvent = (since: number, cause: Cause, now: number): NewEvent =>
  event('firing', since, now, saidFields(cause))

/**
 * We see again since `at`, for `cause`. `down` are the monitors that do not answer now; those that others cut off are
 * only counted, as they are while we see.
 */
export const seesEvent = (
  at: number,
  cause: Cause,
  down: readonly number[],
  { topology, monitor }: Pick<Registry, 'topology' | 'monitor'>,
  now: number,
): NewEvent => {
  const isDown = new Set(down)
  const causes = down.filter((id) => !topology().isCutOff(id, (one) => isDown.has(one)))
  const names = causes.map((id) => monitor(id)?.monitor.name).filter((name) => name !== undefined)
  return event('resolved', at, now, {
    ...saidFields(cause),
    down: names.slice(0, NAMES_TOLD),
    down_count: down.length,
    cut_off: down.length - causes.length,
  })
}

/** Since when we were blind when the server last ran, ms; null when we saw, or people were told that we see again. */
export const blindUntilNow = async ({ alerts }: Pick<Storage, 'alerts'>): Promise<number | null> =>
  (await alerts.firing(SUBJECT))?.since ?? null
