/** A number from 0 up to 1, without it; for spreading things out, never for secrets. */
export type Random = () => number

/** The system's chance: from 0 to below 1. */
export const systemRandom: Random = () => Math.random()
