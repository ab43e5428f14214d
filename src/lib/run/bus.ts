/** Hands what is published to everybody who listens now. */
export interface Bus<Args extends readonly unknown[]> {
  publish(...args: Args): void
  /** Returns the way to stop. */
  listen(hear: (...args: Args) => void): () => void
}

/**
 * A bus that nobody listens to yet. Who listens is called in turn, in the order of listening; what one throws reaches
 * who publishes.
 */
export const createBus = <Args extends readonly unknown[]>(): Bus<Args> => {
  const ears = new Set<(...args: Args) => void>()
  return {
    publish: (...args) => {
      for (const hear of ears) hear(...args)
    },
    listen: (hear) => {
      ears.add(hear)
      return () => void ears.delete(hear)
    },
  }
}
