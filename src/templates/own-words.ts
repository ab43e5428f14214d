import type { Message } from '#core/message/message.ts'
import { blindnessLines, blindnessShort, isBlindness } from './blindness.ts'
import { isDailySummary, summaryLines } from './daily-summary.ts'
import type { Times } from './format.ts'
import { isResolverSilence, resolverLines, resolverShort } from './resolver-silence.ts'
import type { Texts } from './texts/index.ts'

/** What the server says of itself in sentences of its own; undefined where an event is told as any other. */
export const ownLines = (message: Message, words: Texts, times: Times, now: number): readonly string[] | undefined => {
  if (isBlindness(message)) return blindnessLines(message, words, times, now)
  if (isResolverSilence(message)) return resolverLines(message, words, times, now)
  return isDailySummary(message) ? summaryLines(message, words) : undefined
}

/** The same in one line of a chat. */
export const ownShort = (message: Message, words: Texts): string | undefined => {
  if (isBlindness(message)) return blindnessShort(message, words)
  return isDailySummary(message) ? summaryLines(message, words).join(' ') : resolverShort(message, words)
}

export const isOwn = (message: Message): boolean =>
  isBlindness(message) || isResolverSilence(message) || isDailySummary(message)
