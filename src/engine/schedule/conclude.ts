import { because, type Cause } from '#core/cause/cause.ts'
import { advance, isSteady, readingOf } from '#core/monitor/state.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { ErrorCode, ResultMetrics } from '#core/result/result.ts'
import type { ResultCollector } from '#core/result/result-batch.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Names } from '#names/names.ts'
import { versionOf } from '#probes/fields.ts'
import { type CutOff, isOnThisMachine, mayComeOfCutOff } from '../neighbours/cut-off.ts'
import type { PathWatch } from '../path/path-watch.ts'
import type { Entry } from './entry.ts'
import { judgedState, withQuality } from './quality-watch.ts'
import { mayComeOfStall, type StallWatch, stoodStill } from './stall-watch.ts'

export interface ConclusionDeps {
  readonly clock: Clock
  /** Where each result goes. */
  readonly results: Pick<ResultCollector, 'add'>
  readonly onTransition: (transition: Transition) => void
  /** Where it breaks; absent: nobody asks. */
  readonly paths?: PathWatch | undefined
  /** Knows when we stood still; absent: nobody watches. */
  readonly stalls?: StallWatch | undefined
  /** Knows when this machine reaches nobody; absent: nobody watches. */
  readonly cutOff?: CutOff | undefined
  /** Knows how the hosts' names stand; absent: nobody says. */
  readonly names?: Pick<Names, 'servesLastKnown' | 'lastKnownMs'> | undefined
}

/** Turns outcomes into results and states. Once for every result, so nothing is made here that need not be. */
export const createConclusion = ({ clock, results, onTransition, paths, stalls, cutOff, names }: ConclusionDeps) => {
  const counts = { total: 0, failed: 0, unknown: 0 }

  /** Feeds one outcome to the state machine and hands on the result and the change. */
  const conclude = (
    entry: Entry,
    ok: boolean,
    latencyMs: number,
    code: ErrorCode,
    cause: Cause | undefined,
    metrics: ResultMetrics | undefined,
    at: number,
    addressAgeMs?: number,
  ) => {
    const { id, policy } = entry
    const loss = metrics?.loss ?? Number.NaN
    entry.attempts = ok ? 0 : entry.attempts + 1
    if (ok) entry.routerSaid = undefined
    else if (code === 'unreachable' || code === 'time_exceeded') entry.routerSaid = { code, cause }
    const reading = readingOf(policy, ok, code, latencyMs)
    // What an outage loses is the outage: its end must not look like a bad line.
    if (entry.quality && reading !== 'unknown' && entry.state.beneath !== 'down')
      entry.state = judgedState(entry.state, entry.quality, at, code, latencyMs, metrics)
    counts.total++
    if (reading === 'failed') counts.failed++
    else if (reading === 'unknown') counts.unknown++
    if (reading === 'ok' && isSteady(entry.state))
      return results.add(id, at, 'up', code, latencyMs, cause, metrics, addressAgeMs)
    const { state, change } = advance(entry.state, policy, reading, at)
    entry.state = state
    results.add(id, at, state.state, code, latencyMs, cause, metrics, addressAgeMs)
    const path = paths?.conclude(entry, reading, change)
    if (!change) return
    const facts = {
      ...(entry.attempts > 0 && { attempts: entry.attempts }),
      ...(!Number.isNaN(latencyMs) && { latencyMs }),
      ...(!Number.isNaN(loss) && { loss }),
    }
    // Silence at last does not unsay what a router said of an earlier look of this outage.
    const reason = (code === 'timeout' && change.to === 'down' && entry.routerSaid) || { code, cause }
    const told = { monitorId: id, ...change, at: clock.now(), ...reason, facts, ...(path && { path }) }
    onTransition(withQuality(told, entry.quality, state, policy))
    if (change.to === 'down') entry.quality?.reset()
  }

  /** What silence says of ourselves: we stood still, or reach nobody; undefined where it says something of the target. */
  const ownPart = ({ type, options, beganAt }: Entry, code: ErrorCode, cause: Cause | undefined) => {
    const stood = stalls?.during(beganAt) ?? 0
    if (stood > 0) return { code: 'late', cause: stoodStill(stood, cause), explains: mayComeOfStall(code) } as const
    const explains = mayComeOfCutOff(code)
    const reason = explains || code === 'ok' ? cutOff?.reason() : undefined
    if (reason === undefined || isOnThisMachine(type.hosts?.(options as never) ?? [])) return undefined
    return { code: 'local_network_down', cause: reason, explains } as const
  }

  const hostOf = ({ type, options }: Entry): string | undefined => type.hosts?.(options as never)[0]

  /** How old the address was by which a look went since nobody gives a newer one, ms. */
  const addressAgeOf = (entry: Entry): number | undefined => {
    const host = names?.servesLastKnown() ? hostOf(entry) : undefined
    return host === undefined ? undefined : names!.lastKnownMs(host, versionOf(entry.options))
  }

  /** The same for a look that is over. Whoever did not answer while we could not hear it may well have done so. */
  const concludeLook = (
    entry: Entry,
    ok: boolean,
    latencyMs: number,
    code: ErrorCode,
    cause: Cause | undefined,
    metrics: ResultMetrics | undefined,
  ) => {
    const own = code === 'ok' && !metrics?.loss ? undefined : ownPart(entry, code, cause)
    const age = addressAgeOf(entry)
    // The address may no longer be the host's: nobody says where it is now.
    const said =
      ok || age === undefined || cause === undefined
        ? cause
        : because('by_last_known_address', { cause, host: hostOf(entry)! })
    if (!own) conclude(entry, ok, latencyMs, code, said, metrics, entry.startedAt, age)
    else if (own.explains) conclude(entry, ok, latencyMs, own.code, own.cause, undefined, entry.startedAt)
    // It answered, or something did: only what was lost on the way says nothing.
    else conclude(entry, ok, latencyMs, code, said, undefined, entry.startedAt, age)
  }

  return { conclude, concludeLook, counts: () => ({ ...counts }) }
}
