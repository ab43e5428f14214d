import type { Logger } from 'pino'
import type { NewEvent } from '#core/event.ts'
import type { LatestLookup } from '#core/latest-results.ts'
import { verdictOf } from '#core/result.ts'
import type { SightPolicy } from '#core/sight.ts'
import type { Transition } from '#core/transition.ts'
import { OWN_SOURCE } from '#pipeline/ingest.ts'
import { createSightGate, type SightGate } from '#pipeline/sight-gate.ts'
import type { Configuration } from './configuration.ts'
import type { Faults } from './faults.ts'

export interface SightWatchDeps {
  readonly configuration: Pick<Configuration, 'wanted' | 'registry'>
  readonly latest: LatestLookup
  readonly record: (transitions: readonly Transition[]) => void
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
  readonly now: () => number
  readonly faults: Faults
  readonly log: Pick<Logger, 'info' | 'error'>
}

/** The sight gate for the witnesses that are in force; without any, what the engine decides is recorded at once. */
export interface SightWatch extends Pick<SightGate, 'take' | 'results' | 'tick'> {
  /** The witnesses may be others now. */
  renew(): void
}

/** That our own connection is down, or is back. */
const blindEvent = (status: 'firing' | 'resolved', at: number, blindSince: number, receivedAt: number): NewEvent => ({
  type: 'vigia_blind',
  source: OWN_SOURCE,
  severity: 'HIGH',
  subject: 'Vigía',
  at,
  receivedAt,
  monitorId: null,
  data: { status, since: status === 'firing' ? blindSince : at, cause: 'none of its witnesses answers' },
})

export const createSightWatch = (deps: SightWatchDeps): SightWatch => {
  const { configuration, latest, record, ingest, now, faults, log } = deps
  let policy: SightPolicy | undefined
  let gate: SightGate | undefined

  const tell = (status: 'firing' | 'resolved', at: number, blindSince: number) =>
    void ingest([blindEvent(status, at, blindSince, now())]).catch(faults.bug)

  const policyNow = (): SightPolicy | undefined => {
    const { witnesses } = configuration.wanted() ?? {}
    if (!witnesses) return undefined
    const names = new Set(witnesses.monitors)
    const known = configuration.registry.monitors().filter(({ monitor }) => names.has(monitor.name))
    const { blindIf, holdMs } = witnesses
    return { witnesses: known.map(({ monitor }) => monitor.id), blindIf, holdMs }
  }

  const open = (policy: SightPolicy): SightGate =>
    createSightGate({
      policy,
      now,
      record,
      failedSince: (id, since) => {
        const result = latest.get(id)
        return result !== undefined && result.at >= since && verdictOf(result.code === 'ok', result.code) === 'failed'
      },
      onBlind: (since) => {
        log.error({ since: new Date(since).toISOString() }, 'the witnesses do not answer: our own connection is down')
        tell('firing', since, since)
      },
      onSight: (since, at) => {
        log.info('our own connection is no longer taken for down')
        tell('resolved', at, since)
      },
    })

  const take: SightWatch['take'] = (transitions) => (gate ? gate.take(transitions) : record(transitions))

  /** The same witnesses go on with what they have seen and what was kept back meanwhile. */
  const renew = () => {
    const next = policyNow()
    if (JSON.stringify(next) === JSON.stringify(policy)) return
    policy = next
    gate = next && open(next)
  }
  renew()

  return { take, renew, results: (batch) => gate?.results(batch), tick: () => gate?.tick() }
}
