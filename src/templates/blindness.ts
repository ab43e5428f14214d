import type { Message } from '#core/message/message.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import { causeText } from './cause.ts'
import type { Times } from './format.ts'
import type { Texts } from './texts/index.ts'

/** True for a message that says of the server itself that it cannot see, or that it sees again. */
export const isBlindness = ({ event, items }: Message): boolean => event?.type === 'vigia_blind' && items === undefined

const NAMES_TOLD = 20

/** What does not answer now that we see again. */
const stillDown = ({ event }: Message, { blind }: Texts): string => {
  const names = Array.isArray(event?.down) ? event.down.map(String) : []
  const cutOff = Number(event?.cut_off ?? 0)
  if (names.length === 0) return blind.allAnswer
  const more = Number(event?.down_count ?? names.length) - cutOff - Math.min(names.length, NAMES_TOLD)
  return blind.notAnswering(`${names.slice(0, NAMES_TOLD).join(', ')}${more > 0 ? ` … +${more}` : ''}`, cutOff)
}

/** What keeps it from seeing. */
const why = (message: Message, words: Texts): string => {
  const { failing, witnesses } = message.event ?? {}
  return witnesses === undefined
    ? (causeText(message, words) ?? '')
    : words.blind.witnesses(Number(failing), Number(witnesses))
}

/** The sentences of such a message: since when, for how long, what it means, and what is really down. */
export const blindnessLines = (message: Message, words: Texts, times: Times, now: number): string[] => {
  const { blind } = words
  const since = Date.parse(message.since)
  if (message.reason !== 'resolved') {
    return [blind.since(times.second(since), peopleDuration(now - since), why(message, words)), blind.meaning]
  }
  const duration = message.duration_ms ?? 0
  const end = times.second(since + duration)
  return [
    blind.seesSince(end),
    blind.fromTo(times.second(since), end, peopleDuration(duration, 4)),
    stillDown(message, words),
  ]
}

/** What a chat shows in its second line. */
export const blindnessShort = (message: Message, words: Texts): string =>
  message.reason === 'resolved' ? stillDown(message, words) : words.blind.meaning
