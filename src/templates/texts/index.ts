import type { Language } from '#core/message/message.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { Texts } from './texts.ts'

export const texts: Readonly<Record<Language, Texts>> = { en, es }
export type { Texts }
