import type { RateFacts } from '#core/message/message.ts'
import { windowText } from '#core/monitor/quality-facts.ts'
import { own } from '#lib/own.ts'
import type { Texts } from './texts/index.ts'

/** What an event that is about no monitor is called: its kind in words, and whom it concerns. `over`: it has ended. */
export const eventTitleOf = (kind: string, subject: string, words: Texts, over = false): string => {
  const named = (over ? own(words.endTitles, kind) : undefined) ?? own(words.eventTitles, kind)
  if (named) return named(subject)
  const title = kind.replaceAll('_', ' ')
  return title === '' || title === subject ? subject : `${title} ${subject}`
}

/** The same of so many of them in what time: `ban wave: 20 addresses in 10 min (sshd)`. */
export const rateTitleOf = (
  kind: string,
  subject: string,
  { at_least, within_ms, distinct }: RateFacts,
  words: Texts,
): string => {
  const often = words.often(at_least, windowText(within_ms), distinct)
  return kind === 'fail2ban_ban' && distinct !== undefined
    ? `${words.banWave}: ${often} (${subject})`
    : `${eventTitleOf(kind, subject, words)}: ${often}`
}
