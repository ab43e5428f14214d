import { region } from '../../i18n/language.ts'

/** "Argentina (AR)" of a code of two letters; what is none, as a sender wrote it. */
export const countryName = (code: string): string => {
  if (!/^[A-Z]{2}$/.test(code)) return code.slice(0, 60)
  const name = new Intl.DisplayNames(region(), { type: 'region', fallback: 'none' }).of(code)
  return name ? `${name} (${code})` : code
}
