import type { AffectedFacts } from './message.ts'

/**
 * How many of those behind something that is down are cut off: all of them while none has answered since; as soon as one
 * has, the others are taken at no more than what is known of them, for the way through it still stands.
 */
export const cutOffCount = ({ count, answering = 0, silent = count - answering }: AffectedFacts): number =>
  answering > 0 ? Math.min(silent, count - answering) : count
