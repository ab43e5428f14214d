import { language } from './index.ts'
import { SPANISH, SPANISH_SENTENCES } from './server-texts-es.ts'

/** The Spanish of a text of the server; undefined where there is none. */
const spanishOf = (english: string): string | undefined => {
  const known = SPANISH[english]
  if (known !== undefined) return known
  const sentence = SPANISH_SENTENCES.find(([pattern]) => pattern.test(english))
  return sentence && english.replace(sentence[0], sentence[1])
}

/**
 * Words that come from the server's schemas and registries in English, in the reader's language. The English text is
 * the key, so that no page needs to know a type; a test holds that every registered type is complete here.
 */
export const serverText = (english: string): string => (language() === 'es' ? (spanishOf(english) ?? english) : english)
