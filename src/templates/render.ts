import type { Language, Message, Rendered } from '#core/message/message.ts'
import { oneLineEach } from '#lib/text/one-line.ts'
import { bodyLines } from './body.ts'
import { chatOf } from './chat.ts'
import { createTimes, writtenBy } from './format.ts'
import { mailHtml } from './html.ts'
import type { Scene } from './scene.ts'
import { subjectLine } from './subject.ts'
import { texts } from './texts/index.ts'

export interface RenderOptions {
  readonly language: Language
  readonly timeZone: string
  /** By which numbers and dates go, where it is one of the language; absent: as the language has them. */
  readonly region?: string | undefined
  /** Moment of sending, ms. */
  readonly now: number
  /** What the buttons of a chat message act on, made when it is needed; absent: it has none. */
  readonly ackToken?: (() => string) | undefined
}

const lazily = <Value extends object>(make: () => Value): (() => Value) => {
  let made: Value | undefined
  return () => {
    made ??= make()
    return made
  }
}

/**
 * Writes one message for one channel. Pure: the same facts at the same moment give the same text. No fact begins a line
 * of its own, whoever sent it; the facts themselves stay as they are, for programs.
 */
export const renderMessage = (
  facts: Message,
  { language, timeZone, region, now, ackToken }: RenderOptions,
): Rendered => {
  const message = oneLineEach(facts)
  const words = texts[language]
  const scene: Scene = {
    message,
    words,
    times: createTimes(language, timeZone, now, region),
    language,
    now,
    since: Date.parse(message.since),
  }
  const subject = writtenBy(region, () => subjectLine(scene))
  const lines = lazily(() => writtenBy(region, () => bodyLines(scene)))
  const chat = lazily(() => writtenBy(region, () => chatOf(scene, subject, ackToken?.())))
  return {
    message: { ...facts, title: subject, message: subject },
    language,
    timeZone,
    subject,
    // Written only for channels that send it: programs are told the facts.
    get lines() {
      return lines()
    },
    get html() {
      return writtenBy(region, () => mailHtml({ message, language, subject, lines: lines(), footer: words.footer }))
    },
    get chat() {
      return chat()
    },
  }
}
