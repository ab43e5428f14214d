import type { Cause } from '#core/cause/cause.ts'
import type { NameFigures, Names } from '#names/names.ts'

/** How it goes with names, and with the monitors that need them. */
export interface NameReport extends NameFigures {
  /** Set while nobody who looks names up answers anything. */
  readonly silence: ResolverSilence | undefined
}

interface ResolverSilence {
  readonly servers: readonly string[]
  readonly how: Cause
  /** Who, and how. */
  readonly cause: Cause
  /** For how long, ms. */
  readonly ageMs: number
  /** Monitors by name that are looked at by an address that was found before, and those that cannot be looked at. */
  readonly byLastKnown: number
  readonly notLookedAt: number
}

/** Counting goes over all monitors. */
const COUNT_EVERY_MS = 5000

type EachHost = (visit: (host: string, family: 0 | 4 | 6) => void) => void

/** `eachHost` goes over the hosts of the monitors that are looked at. */
export const createNameReport = (
  names: Pick<Names, 'figures' | 'silence' | 'standing'>,
  eachHost: EachHost,
  monotonic: () => number,
): (() => NameReport) => {
  let counted = { byLastKnown: 0, notLookedAt: 0 }
  let countedAt = Number.NEGATIVE_INFINITY

  const count = () => {
    if (monotonic() - countedAt < COUNT_EVERY_MS) return
    countedAt = monotonic()
    counted = { byLastKnown: 0, notLookedAt: 0 }
    eachHost((host, family) => {
      const standing = names.standing(host, family)
      if (standing === 'unknown') counted.notLookedAt++
      else if (standing !== 'fixed') counted.byLastKnown++
    })
  }

  return () => {
    const silence = names.silence()
    if (!silence) return { ...names.figures(), silence }
    count()
    return { ...names.figures(), silence: { ...silence, ...counted } }
  }
}
