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
