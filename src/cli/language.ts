import type { Language } from '#core/message/message.ts'

/**
 * The language of who calls a command, by the environment as POSIX has it: `LC_ALL`, else `LC_MESSAGES`, else `LANG`. English for
 * every language that is not spoken here.
 */
export const languageOf = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language =>
  /^es\b|^es_/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'es' : 'en'
