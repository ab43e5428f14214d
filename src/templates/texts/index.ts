import type { Language } from '#core/message/message.ts'
import { spanishPhrases } from './causes-es.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { Phrase, Texts } from './texts.ts'

export const texts: Readonly<Record<Language, Texts>> = { en, es }
/** What probes say, in each language; in English they say it themselves. */
export const phrases: Readonly<Record<Language, readonly Phrase[]>> = { en: [], es: spanishPhrases }
export type { Texts }
