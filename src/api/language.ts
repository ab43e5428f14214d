import type { Language } from '#core/message/message.ts'

/** The reader's language, by the first one of `Accept-Language` that we speak. */
export const languageOf = (header: string | undefined): Language =>
  header
    ?.split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
    .find((tag) => tag === 'en' || tag === 'es') === 'es'
    ? 'es'
    : 'en'
