import type { Logger } from 'pino'
import type { Transition } from '#core/monitor/transition.ts'
import type { LatestGlance, LatestLookup, LatestResult } from '#core/result/latest-results.ts'
import { createBreath } from '#lib/run/breath.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import type { Storage } from '#storage/index.ts'
import type { Verdict } from '#storage/states.ts'
import type { Recording } from './recording.ts'
import type { SightWatch } from './sight-watch.ts'

export interface AgreementDeps {
  readonly storage: { readonly states: Pick<Storage['states'], 'well' | 'verdicts'> }
  readonly registry: Pick<Registry, 'monitors' | 'monitor'>
  /** What the engine says of each monitor, by its latest look. */
  readonly latest: LatestLookup & Pick<LatestGlance, 'stateOf'>
  readonly recording: Pick<Recording, 'record' | 'waits'>
  readonly sight: Pick<SightWatch, 'holds'>
  readonly now: () => number
  readonly log: Pick<Logger, 'warn'>
}

/** Compares what the engine and the store take for the state of every monitor, and has the store learn what it lacks. */
export interface Agreement {
  /** Looks at a part of the monitors, and again at those that differed: all of them within a minute. Call it every five seconds. */
  look(): Promise<void>
  /** Something was wrong with the store: all are looked at the next time. */
  lookAtAll(): void
  /** Only what is found from now on counts: the engine or the monitors are others. */
  renew(): void
}

const LOOKS_A_ROUND = 12
/** Ids between which is asked at once. */
const AT_ONCE = 1000
/** The thread is not kept longer at a time, ms. */
const STRETCH_MS = 5

/** Ids in order, in parts that lie close together: few are read that nobody asked for. */
const neighbours = (ids: readonly number[]): readonly (readonly number[])[] => {
  const parts: number[][] = []
  for (const id of ids.toSorted((a, b) => a - b)) {
    const part = parts.at(-1)
    if (part && id - part[0]! < AT_ONCE) part.push(id)
    else parts.push([id])
  }
  return parts
}

export const createAgreement = (deps: AgreementDeps): Agreement => {
  const { storage, registry, latest, recording, sight, now, log } = deps
  /** Those that differed at the last look, and how: what is on its way has arrived by the next one. */
  let suspects = new Map<number, string>()
  let place = 0
  let all = false
  let since = Number.POSITIVE_INFINITY

  /** What the engine says of a monitor, where it says something that the store must know by now. */
  const said = (id: number): LatestResult | undefined => {
    const known = registry.monitor(id)
    const result = latest.get(id)
    if (!known || known.monitor.paused || !result || result.at < since) return undefined
    return sight.holds(id) || recording.waits(id) ? undefined : result
  }

  const healed = (id: number, result: LatestResult, stored: Verdict | undefined): Transition => ({
    monitorId: id,
    from: stored?.state ?? 'unknown',
    to: result.state,
    at: now(),
    since: result.at,
    previousSince: stored?.since ?? result.at,
    code: result.code,
    cause: result.cause,
    facts: {},
  })

  /** Whether both say that all of them are up, which is nearly always so. */
  const allWell = async (ids: readonly number[]): Promise<boolean> => {
    let sum = 0
    for (const id of ids) {
      if (latest.stateOf(id) !== 'up') return false
      sum += id
    }
    const well = await storage.states.well(ids[0]!, ids.at(-1)!)
    return well.count === ids.length && well.ids === sum
  }

  const compare = async (ids: readonly number[], found: Map<number, string>): Promise<void> => {
    if (await allWell(ids)) return
    const verdicts = await storage.states.verdicts(ids[0]!, ids.at(-1)!)
    const stored = new Map(verdicts.map((verdict) => [verdict.monitorId, verdict]))
    for (const id of ids) {
      const state = stored.get(id)
      const before = state?.state ?? 'unknown'
      if (latest.stateOf(id) === before) continue
      const result = said(id)
      if (!result || result.state === before) continue
      // A row that was written meanwhile was on its way.
      const difference = `${before} ${state?.since} ${result.state}`
      if (suspects.get(id) !== difference) {
        found.set(id, difference)
        continue
      }
      const monitor = registry.monitor(id)!.monitor.name
      log.warn(
        { monitor, stored: before, seen: result.state },
        'the store lacked a change of state; it is recorded now',
      )
      recording.record([healed(id, result, state)])
    }
  }

  const portion = (): readonly number[] => {
    const ids = registry.monitors().map(({ monitor }) => monitor.id)
    if (all) return ids
    const size = Math.ceil(ids.length / LOOKS_A_ROUND)
    if (place >= ids.length) place = 0
    const part = ids.slice(place, place + size)
    place += size
    return [...new Set([...part, ...suspects.keys()])]
  }

  return {
    look: async () => {
      const ids = portion()
      all = false
      const found = new Map<number, string>()
      const breath = createBreath(STRETCH_MS)
      for (const near of neighbours(ids)) {
        await compare(near, found)
        await breath()
      }
      suspects = found
    },
    lookAtAll: () => {
      all = true
    },
    renew: () => {
      since = now()
      suspects = new Map()
    },
  }
}
