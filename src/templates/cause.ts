import type { Cause } from '#core/cause/cause.ts'
import { type CauseFields, storedCause } from '#core/cause/cause-fields.ts'
import { sayCause } from '#core/cause/say-cause.ts'
import { eventCause } from '#core/event/event-cause.ts'
import type { DigestItem, Language, Message } from '#core/message/message.ts'
import { own } from '#lib/own.ts'
import { peopleNumber } from './format.ts'
import { type Texts, texts } from './texts/index.ts'

/** A cause as the API tells it, with the code of the result where there is one. */
export interface ShownCause extends CauseFields {
  readonly code?: string | null
}

/** What a code means, in the language of the words; undefined for one that is none of a probe's. */
const meaningOf = (code: string | undefined, { causes }: Texts): string | undefined =>
  (code !== undefined && own<string>(causes, code)) || undefined

const said = (cause: Cause, words: Texts): string | undefined =>
  sayCause(words.sentences, cause, (value) => peopleNumber(value, words.language))

/** A cause of the server's in this language; undefined for one that has no code, or one that a newer version wrote. */
const saidByCode = ({ cause_code, cause_facts }: Omit<CauseFields, 'cause'>, words: Texts): string | undefined => {
  const cause = storedCause(cause_code, cause_facts as Cause['facts'] | undefined)
  return cause && said(cause, words)
}

/**
 * Why it is so, in the message's language: what its code and facts say. What has none, or is not known here, is shown as it
 * was said, in another language than English behind its own words for the code of the result.
 */
export const causeText = (message: Message, words: Texts): string | undefined => {
  const { code, quality, attempts = 1 } = message
  if (quality && words.quality) return words.quality(quality)
  const sentence = message.cause || undefined
  if (sentence === undefined && message.event) {
    // Of a rate it is that of one among many.
    const cause = message.rate?.distinct === undefined ? eventCause(message.event) : undefined
    return cause && said(cause, words)
  }
  const own = meaningOf(code, words)
  // A call that did not come was not tried: nobody counts what was waited for.
  const times = attempts > 1 && code !== 'push_missing' ? `, ${words.attempts(attempts)}` : ''
  const inEnglish = words.language === 'en' ? sentence : undefined
  const known = sentence === undefined ? own : (saidByCode(message, words) ?? inEnglish)
  if (known !== undefined) return `${known}${times}`
  return own === undefined ? sentence && `${sentence}${times}` : `${own}${times} (${sentence})`
}

/** The same where there is room for one language only. */
const briefCause = ({ cause, code, ...made }: ShownCause, words: Texts): string => {
  const sentence = cause ?? ''
  const known = saidByCode(made, words) ?? (words.language === 'en' ? sentence : undefined)
  return known || meaningOf(code ?? undefined, words) || sentence
}

/** Of a line of a digest. */
export const itemCause = (item: DigestItem, words: Texts): string => briefCause(item, words)

/** The same for a page, in the language of its reader; empty for none. */
export const shownCause = (of: ShownCause, language: Language): string => briefCause(of, texts[language])
