import type { Language } from '#core/message/message.ts'
import { lookEn } from './look-en.ts'
import { lookEs } from './look-es.ts'
import type { LookWords } from './look-words.ts'

export const lookTexts: Readonly<Record<Language, LookWords>> = { en: lookEn, es: lookEs }
