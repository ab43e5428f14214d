import { language } from './index.ts'
import { SPANISH } from './server-texts-es.ts'

/**
 * Words that come from the server's schemas and registries in English, in the reader's language. The English text is
 * the key, so that no page needs to know a type; a test holds that every registered type is complete here.
 */
export const serverText = (english: string): string => (language() === 'es' ? (SPANISH[english] ?? english) : english)
