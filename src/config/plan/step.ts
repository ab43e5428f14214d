/** As whose a file is taken: as the server's own, whose objects belong to it, or as what somebody wants by hand. */
export interface Taking {
  readonly as: 'reload' | 'apply'
  /** Taken by hand: what was made by hand and the file does not name goes. */
  readonly prune: boolean
}

/**
 * What becomes of a thing: `kept` belongs to the server's file, which says something else of it; `surplus` was made by hand
 * and is not named, and stays.
 */
export type Did = 'created' | 'changed' | 'same' | 'removed' | 'kept' | 'surplus'

/** One decision of a plan. */
export interface Step<Spec, Before> {
  readonly did: Did
  readonly name: string
  /** What is wanted; absent where it is not. */
  readonly spec?: Spec
  /** What there is; absent where there is none. */
  readonly before?: Before
}

interface Ours {
  readonly name: string
  readonly origin?: string
}

/** Taken by hand: what belongs to the server's file stays as that says it. */
export const didByHand = (before: Pick<Ours, 'origin'> | undefined, isSame: () => boolean): Did => {
  if (!before) return 'created'
  if (isSame()) return 'same'
  return before.origin === undefined ? 'changed' : 'kept'
}

/** What no file names any more: of the server's own file it goes, of what was made by hand where that is asked for. */
export const leftOver = <Before extends Ours>(
  unnamed: readonly Before[],
  { as, prune }: Taking,
): Step<never, Before>[] =>
  unnamed.flatMap((before): Step<never, Before>[] => {
    const { name, origin } = before
    if (as === 'reload') return origin === undefined ? [] : [{ did: 'removed', name, before }]
    return origin === undefined ? [{ did: prune ? 'removed' : 'surplus', name, before }] : []
  })

/**
 * The plan of things that are known by their names alone: what is wanted in its order, then what is not named. `isSame`: what
 * there is says what is wanted.
 */
export const namedSteps = <Spec extends Pick<Ours, 'name'>, Before extends Ours>(
  wanted: readonly Spec[],
  stored: readonly Before[],
  isSame: (before: Before, spec: Spec) => boolean,
  taking: Taking,
): Step<Spec, Before>[] => {
  const byName = new Map(stored.map((one) => [one.name, one]))
  const names = new Set(wanted.map(({ name }) => name))
  const steps = wanted.map((spec): Step<Spec, Before> => {
    const { name } = spec
    const before = byName.get(name)
    if (!before) return { did: 'created', name, spec }
    const same = () => isSame(before, spec)
    if (taking.as === 'apply') return { did: didByHand(before, same), name, spec, before }
    return { did: before.origin !== undefined && same() ? 'same' : 'changed', name, spec, before }
  })
  const unnamed = stored.filter(({ name }) => !names.has(name))
  return [...steps, ...leftOver(unnamed, taking)]
}
