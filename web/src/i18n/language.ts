import i18next from 'i18next'

export type Language = 'en' | 'es'

export const language = (): Language => (i18next.language === 'es' ? 'es' : 'en')

/** Where a browser names no region: as messages write them. */
const STANDARD: Readonly<Record<Language, string>> = { en: 'en', es: 'es-AR' }

const ofBrowser = (wanted: Language): string =>
  globalThis.navigator?.languages?.find((one) => one.startsWith(`${wanted}-`)) ?? STANDARD[wanted]

const REGIONS: Readonly<Record<Language, string>> = { en: ofBrowser('en'), es: ofBrowser('es') }

/** The reader's own region, by which numbers and dates go: 1.178 in Córdoba is 1,178 in Mexico. */
export const region = (): string => REGIONS[language()]
