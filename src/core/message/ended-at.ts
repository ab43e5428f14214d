import type { Message } from './message.ts'

/** When what a message tells the end of ended, ms: its duration is without the time in which nobody looked. */
export const endedAt = ({
  since,
  duration_ms: duration = 0,
  unwatched_ms: unwatched = 0,
}: Pick<Message, 'since' | 'duration_ms' | 'unwatched_ms'>): number => Date.parse(since) + duration + unwatched
