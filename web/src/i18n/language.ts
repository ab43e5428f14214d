import i18next from 'i18next'

export type Language = 'en' | 'es'

export const language = (): Language => (i18next.language === 'es' ? 'es' : 'en')

/** Where a browser names no region: as messages write them. */
const STANDARD: Readonly<Record<Language, string>> = { en: 'en', es: 'es-AR' }

/** The region that a browser shows of its reader, for a language. */
export const browserRegion = (wanted: Language): string =>
  globalThis.navigator?.languages?.find((one) => one.startsWith(`${wanted}-`)) ?? STANDARD[wanted]

/** The document, where there is one. */
interface Shown {
  readonly document: { readonly documentElement: { readonly dataset: Readonly<Record<string, string | undefined>> } }
}

/** What is set for the whole server: it holds for readers of its language. */
const ofServer = (globalThis as Partial<Shown>).document?.documentElement.dataset.region

const regionOf = (wanted: Language): string =>
  (ofServer?.startsWith(wanted) ? ofServer : undefined) ?? browserRegion(wanted)

const REGIONS: Readonly<Record<Language, string>> = { en: regionOf('en'), es: regionOf('es') }

/** The region by which numbers and dates go, the server's or the reader's own: 1.178 in Córdoba is 1,178 in Mexico. */
export const region = (): string => REGIONS[language()]
