/** A number from 0 up to 1, without it; for spreading things out, never for secrets. */
export type Random = () => number

export const systemRandom: Random = () => Math.random()
