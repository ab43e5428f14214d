import { language } from '../i18n/language.ts'

/** What a monitor looks at, for people: of one that waits to be called, in the reader's language. */
export const targetText = (target: string): string =>
  language() === 'es' ? target.replace(/^called every /, 'señal cada ') : target
