import { own } from '#lib/own.ts'
import type { Texts } from './texts/index.ts'

/** What an event that is about no monitor is called: its kind in words, and whom it concerns. */
export const eventTitleOf = (kind: string, subject: string, words: Texts): string => {
  const named = own(words.eventTitles, kind)
  if (named) return named(subject)
  const title = kind.replaceAll('_', ' ')
  return title === '' || title === subject ? subject : `${title} ${subject}`
}
