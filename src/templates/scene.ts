import { eventKind } from '#core/event/event.ts'
import type { Language, Message } from '#core/message/message.ts'
import { isBlindness } from './blindness.ts'
import { eventTitleOf } from './event-title.ts'
import type { Times } from './format.ts'
import { isOwn } from './own-words.ts'
import type { Texts } from './texts/index.ts'

/** What every part of a message is written from. */
export interface Scene {
  readonly message: Message
  readonly words: Texts
  readonly times: Times
  readonly language: Language
  readonly now: number
  readonly since: number
}

export const isDegraded = ({ state, previous_state, reason }: Message): boolean =>
  (reason === 'resolved' ? previous_state : state) === 'degraded'

export const isFlapping = ({ state, previous_state, reason }: Message): boolean =>
  (reason === 'resolved' ? previous_state : state) === 'flapping'

/** For how long it lasts, ms, as far as anybody looked. */
export const lastedFor = ({ message, now, since }: Scene): number =>
  Math.max(0, now - since - (message.unwatched_ms ?? 0))

/** What an event is called. */
export const eventTitle = ({ message, words }: Scene): string =>
  message.reason === 'resolved' && isOwn(message)
    ? isBlindness(message)
      ? words.blind.sees
      : words.resolver.answers(message.subject)
    : eventTitleOf(eventKind(message.event ?? {}), message.subject, words)
