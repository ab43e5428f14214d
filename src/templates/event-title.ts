import type { Texts } from './texts/index.ts'

/** What an event that is about no monitor is called: its kind in words, and whom it concerns. */
export const eventTitleOf = (kind: string, subject: string, words: Texts): string => {
  if (Object.hasOwn(words.eventTitles, kind)) return words.eventTitles[kind]!(subject)
  const title = kind.replaceAll('_', ' ')
  return title === '' || title === subject ? subject : `${title} ${subject}`
}
