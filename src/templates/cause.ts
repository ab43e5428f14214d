import type { DigestItem, Message } from '#core/message/message.ts'
import { own } from '#lib/own.ts'
import type { Texts } from './texts/index.ts'

/** What a code means, in the language of the words; undefined for one that is none of a probe's. */
const meaningOf = (code: string | undefined, { causes }: Texts): string | undefined =>
  (code !== undefined && own<string>(causes, code)) || undefined

/**
 * Why it is so, in the message's language. What probes say stands in English; what of it another language does not know
 * stands behind its own words for the code.
 */
export const causeText = (message: Message, words: Texts): string | undefined => {
  const { code, quality, attempts = 1 } = message
  if (quality && words.quality) return words.quality(quality)
  const said = message.cause || undefined
  const own = meaningOf(code, words)
  // A call that did not come was not tried: nobody counts what was waited for.
  const times = attempts > 1 && code !== 'push_missing' ? `, ${words.attempts(attempts)}` : ''
  if (!words.said) return said === undefined ? own : `${said}${times}`
  const known = said === undefined ? own : words.said(said)
  if (known !== undefined) return `${known}${times}`
  return own === undefined ? said && `${said}${times}` : `${own}${times} (${said})`
}

/** The same for a line of a digest, where there is room for one language only. */
export const itemCause = ({ cause, code }: DigestItem, words: Texts): string => {
  const said = cause ?? ''
  const own = meaningOf(code, words) ?? said
  return words.said ? (words.said(said) ?? own) : said || own
}
