import { eventKind } from '#core/event/event.ts'
import { cutOffCount } from '#core/message/cut-off-count.ts'
import type { Language, Message } from '#core/message/message.ts'
import { eventTitleOf, rateTitleOf } from './event-title.ts'
import type { Times } from './format.ts'
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

/** What an event is called, or so many of them. */
export const eventTitle = ({ message, words }: Scene): string => {
  const { event, subject, rate, reason } = message
  const kind = eventKind(event ?? {})
  return rate ? rateTitleOf(kind, subject, rate, words) : eventTitleOf(kind, subject, words, reason === 'resolved')
}

/** True for what the server tells of itself. */
export const isAboutServer = ({ event, monitor }: Message): boolean =>
  monitor === null &&
  typeof event?.type === 'string' &&
  (event.type.startsWith('vigia_') || event.type === 'channel_failed')

/** True of a test that is about an event or a monitor, as a message would be. */
export const isTestOfSomething = ({ reason, event, monitor }: Message): boolean =>
  reason === 'test' && (monitor !== null || event !== undefined)

/** What is said of those that are reached through a monitor, and of how many: what answers is behind it, and not cut off. */
export const dependantsOf = ({ message, words }: Scene) => {
  const { affected } = message
  const count = affected?.count ?? 0
  const cutOff = !affected || isDegraded(message) ? 0 : cutOffCount(affected)
  return cutOff > 0 ? { words: words.dependants.cutOff, count: cutOff } : { words: words.dependants.behind, count }
}

/** In a few words: 28 devices cut off. */
export const dependantsShort = (scene: Scene): string => {
  const { words, count } = dependantsOf(scene)
  return words.subject(count)
}
