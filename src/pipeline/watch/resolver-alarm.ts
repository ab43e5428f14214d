import { because, type Cause } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import { inEnglish, saidFields } from '#templates/said.ts'
import { OWN_SOURCE } from '../decide/ingest.ts'

/** That nobody who looks names up for us answers, or that somebody does again. */
export const VIGIA_RESOLVER = 'vigia_resolver'

/** Either must hold for so long, ms: a moment of trouble is no news. */
const SILENT_FOR_MS = 15_000
const ANSWERING_FOR_MS = 10_000

/** What the engine says of it. */
interface SilentResolver {
  readonly servers: readonly string[]
  readonly how: Cause
  /** Who, and how. */
  readonly cause: Cause
  readonly ageMs: number
  readonly byLastKnown: number
  readonly notLookedAt: number
}

/** What people were told, while they were not told that it is over. */
export interface ToldSilence {
  readonly subject: string
  readonly since: number
}

export interface ResolverAlarmDeps {
  readonly now: () => number
  readonly monotonic: () => number
  /** As it was before a restart. */
  readonly told: ToldSilence | undefined
  readonly onEvent: (event: NewEvent) => void
}

export interface ResolverAlarm {
  /** Takes in how it goes at present; undefined: somebody answers, or nobody is asked. */
  note(silence: SilentResolver | undefined): void
  /** What people have been told, while they have not been told that it is over. */
  standing(): ToldSilence | undefined
}

const monitors = (count: number): Cause => (count === 1 ? because('one_monitor') : because('monitors', { count }))

const causeOf = ({ cause, byLastKnown, notLookedAt }: SilentResolver): Cause =>
  because('names_fail', { cause, by_last_known: monitors(byLastKnown), not_looked_at: monitors(notLookedAt) })

/**
 * Tells of a resolver that is silent, once, whatever hangs on it: monitors whose address is known are looked at by that,
 * the others are unknown, and none of them is told by itself.
 */
export const createResolverAlarm = ({ now, monotonic, told, onEvent }: ResolverAlarmDeps): ResolverAlarm => {
  let standing = told
  /** On the monotonic clock. */
  let silentSince = Number.NaN
  let answeringSince = Number.NaN

  const tell = (status: 'firing' | 'resolved', { subject, since }: ToldSilence, data: NewEvent['data']) =>
    onEvent({
      type: VIGIA_RESOLVER,
      source: OWN_SOURCE,
      severity: 'HIGH',
      subject,
      at: status === 'firing' ? since : now(),
      receivedAt: now(),
      monitorId: null,
      data: { status, since, ...data },
    })

  const began = (silence: SilentResolver) => {
    answeringSince = Number.NaN
    if (Number.isNaN(silentSince)) silentSince = monotonic() - silence.ageMs
    if (standing || monotonic() - silentSince < SILENT_FOR_MS) return
    standing = { subject: silence.servers.join(', '), since: Math.round(now() - silence.ageMs) }
    tell('firing', standing, {
      how: inEnglish(silence.how),
      by_last_known: silence.byLastKnown,
      not_looked_at: silence.notLookedAt,
      ...saidFields(causeOf(silence)),
    })
  }

  const ended = () => {
    silentSince = Number.NaN
    if (!standing) return
    if (Number.isNaN(answeringSince)) answeringSince = monotonic()
    if (monotonic() - answeringSince < ANSWERING_FOR_MS) return
    tell('resolved', standing, saidFields(because('names_answered')))
    standing = undefined
  }

  return { note: (silence) => (silence ? began(silence) : ended()), standing: () => standing }
}
