import type { Cause } from '#core/cause/cause.ts'
import type { CauseFields } from '#core/cause/cause-fields.ts'
import { storedCause } from '#core/cause/cause-fields.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import type { DigestItem, Message } from '#core/message/message.ts'
import { own } from '#lib/own.ts'
import type { Texts } from './texts/index.ts'

/** What a code means, in the language of the words; undefined for one that is none of a probe's. */
const meaningOf = (code: string | undefined, { causes }: Texts): string | undefined =>
  (code !== undefined && own<string>(causes, code)) || undefined

/** A cause of the server's in this language; undefined for one that has no code, or one that a newer version wrote. */
const saidByCode = ({ cause_code, cause_facts }: Omit<CauseFields, 'cause'>, words: Texts): string | undefined => {
  const cause = storedCause(cause_code, cause_facts as Cause['facts'] | undefined)
  return cause && sayCause(words.sentences, cause)
}

/**
 * Why it is so, in the message's language: what its code and facts say. What has none, or is not known here, is shown as it
 * was said, in another language than English behind its own words for the code of the result.
 */
export const causeText = (message: Message, words: Texts): string | undefined => {
  const { code, quality, attempts = 1 } = message
  if (quality && words.quality) return words.quality(quality)
  const said = message.cause || undefined
  const own = meaningOf(code, words)
  // A call that did not come was not tried: nobody counts what was waited for.
  const times = attempts > 1 && code !== 'push_missing' ? `, ${words.attempts(attempts)}` : ''
  const known = said === undefined ? own : (saidByCode(message, words) ?? words.saidOfDelivery(said))
  if (known !== undefined) return `${known}${times}`
  return own === undefined ? said && `${said}${times}` : `${own}${times} (${said})`
}

/** The same for a line of a digest, where there is room for one language only. */
export const itemCause = (item: DigestItem, words: Texts): string => {
  const said = item.cause ?? ''
  return saidByCode(item, words) ?? words.saidOfDelivery(said) ?? meaningOf(item.code, words) ?? said
}
