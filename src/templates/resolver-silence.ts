import type { Message } from '#core/message/message.ts'
import { peopleDuration, type Times } from './format.ts'
import type { Texts } from './texts/index.ts'

/** True for a message that says that nobody looks names up for the server, or that somebody does again. */
export const isResolverSilence = ({ event, items }: Message): boolean =>
  event?.type === 'vigia_resolver' && items === undefined

const meaningOf = ({ event }: Message, { resolver }: Texts): string =>
  resolver.meaning(Number(event?.by_last_known ?? 0), Number(event?.not_looked_at ?? 0))

/** The sentences of such a message: who, since when, and what it means for the monitors. */
export const resolverLines = (message: Message, words: Texts, times: Times, now: number): string[] => {
  const { resolver } = words
  const { subject, duration_ms: duration = 0 } = message
  const since = Date.parse(message.since)
  if (message.reason !== 'resolved')
    return [
      resolver.since(subject, String(message.event?.how ?? ''), times.second(since), peopleDuration(now - since)),
      meaningOf(message, words),
    ]
  const end = times.second(since + duration)
  return [resolver.answersSince(subject, end), resolver.fromTo(times.second(since), end, peopleDuration(duration, 4))]
}

/** What a chat shows in its second line. */
export const resolverShort = (message: Message, words: Texts): string | undefined =>
  message.reason === 'resolved' ? undefined : meaningOf(message, words)
