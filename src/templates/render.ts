import type { Language, Message, Rendered } from '#core/message.ts'
import { oneLineEach } from '#lib/one-line.ts'
import { bodyLines } from './body.ts'
import { chatOf } from './chat.ts'
import { createTimes } from './format.ts'
import { mailHtml } from './html.ts'
import type { Scene } from './scene.ts'
import { subjectLine } from './subject.ts'
import { texts } from './texts/index.ts'

export interface RenderOptions {
  readonly language: Language
  readonly timeZone: string
  /** Moment of sending, ms. */
  readonly now: number
  /** What the buttons of a chat message act on; absent: it has none. */
  readonly ackToken?: string | undefined
}

/**
 * Writes one message for one channel. Pure: the same facts at the same moment give the same text. No fact begins a line
 * of its own, whoever sent it; the facts themselves stay as they are, for programs.
 */
export const renderMessage = (facts: Message, { language, timeZone, now, ackToken }: RenderOptions): Rendered => {
  const message = oneLineEach(facts)
  const words = texts[language]
  const scene: Scene = {
    message,
    words,
    times: createTimes(language, timeZone, now),
    language,
    now,
    since: Date.parse(message.since),
  }
  const subject = subjectLine(scene)
  const lines = bodyLines(scene)
  return {
    message: { ...facts, title: subject, message: subject },
    language,
    timeZone,
    subject,
    lines,
    // Written only where somebody mails it: it is half of the work.
    get html() {
      return mailHtml({ message, language, subject, lines, footer: words.footer })
    },
    chat: chatOf(scene, subject, ackToken),
  }
}
