import { type Fact, isCause } from '#core/cause/cause.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import type { Message } from '#core/message/message.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import type { Times } from './format.ts'
import type { Texts } from './texts/index.ts'

/** True for a message that says that nobody looks names up for the server, or that somebody does again. */
export const isResolverSilence = ({ event, items }: Message): boolean =>
  event?.type === 'vigia_resolver' && items === undefined

const meaningOf = ({ event }: Message, { resolver }: Texts): string =>
  resolver.meaning(Number(event?.by_last_known ?? 0), Number(event?.not_looked_at ?? 0))

/** Who fails, and how, in the words of the language; a message of an older version knows the English ones alone. */
const failureOf = ({ subject, cause_facts, event }: Message, { sentences }: Texts) => {
  const { cause } = (cause_facts ?? {}) as Readonly<Record<string, Fact>>
  const { resolver, how } = isCause(cause) ? cause.facts : {}
  return {
    servers: (isCause(resolver) ? sayCause(sentences, resolver) : undefined) ?? subject,
    how:
      event?.how === 'does not answer'
        ? undefined
        : ((isCause(how) ? sayCause(sentences, how) : undefined) ?? String(event?.how ?? '')),
  }
}

/** The sentences of such a message: who, since when, and what it means for the monitors. */
export const resolverLines = (message: Message, words: Texts, times: Times, now: number): string[] => {
  const { resolver } = words
  const { duration_ms: duration = 0 } = message
  const { servers, how } = failureOf(message, words)
  const since = Date.parse(message.since)
  if (message.reason !== 'resolved')
    return [resolver.since(servers, how, times.second(since), peopleDuration(now - since)), meaningOf(message, words)]
  const end = times.second(since + duration)
  return [resolver.answersSince(servers, end), resolver.fromTo(times.second(since), end, peopleDuration(duration, 4))]
}

/** What a chat shows in its second line. */
export const resolverShort = (message: Message, words: Texts): string | undefined =>
  message.reason === 'resolved' ? undefined : meaningOf(message, words)
