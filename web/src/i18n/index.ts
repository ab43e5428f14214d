import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { saveChoice } from '../lib/choice.ts'
import { number } from '../lib/format.ts'
import type { Language } from './language.ts'
import { loadSpanish } from './problem-text.ts'
import type { addresses } from './texts/addresses.ts'
import type { alertPage } from './texts/alert-page.ts'
import { alerts } from './texts/alerts.ts'
import type { audit } from './texts/audit.ts'
import type { bring } from './texts/bring.ts'
import type { calendar } from './texts/calendar.ts'
import type { classifier } from './texts/classifier.ts'
import { codes } from './texts/codes.ts'
import type { duty } from './texts/duty.ts'
import type { figures } from './texts/figures.ts'
import { forms } from './texts/forms.ts'
import type { history } from './texts/history.ts'
import { kinds } from './texts/kinds.ts'
import type { listMenu } from './texts/list-menu.ts'
import type { manyMonitors } from './texts/many-monitors.ts'
import type { map } from './texts/map.ts'
import { monitors } from './texts/monitors.ts'
import type { palette } from './texts/palette.ts'
import type { places } from './texts/places.ts'
import type { push } from './texts/push.ts'
import type { rules } from './texts/rules.ts'
import type { settings } from './texts/settings.ts'
import { shell } from './texts/shell.ts'
import type { shift } from './texts/shift.ts'
import { standing } from './texts/standing.ts'
import type { wall } from './texts/wall.ts'
import { words } from './texts/words.ts'

const parts = { alerts, codes, forms, kinds, monitors, shell, standing, words }

/** Texts of pages that come later bring theirs along: who never opens one does not load them. */
interface LateParts {
  readonly addresses: typeof addresses
  readonly alertPage: typeof alertPage
  readonly bring: typeof bring
  readonly audit: typeof audit
  readonly calendar: typeof calendar
  readonly classifier: typeof classifier
  readonly duty: typeof duty
  readonly figures: typeof figures
  readonly history: typeof history
  readonly listMenu: typeof listMenu
  readonly manyMonitors: typeof manyMonitors
  readonly palette: typeof palette
  readonly places: typeof places
  readonly push: typeof push
  readonly rules: typeof rules
  readonly settings: typeof settings
  readonly map: typeof map
  readonly shift: typeof shift
  readonly wall: typeof wall
}
type Parts = typeof parts & LateParts
type English = { readonly [Key in keyof Parts]: Parts[Key]['en'] }

const dictionary = (language: Language) =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part[language]])) as unknown as English

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: English }
  }
}

/** The document came in the reader's language: by choice, account or browser, as the server knows. */
const initial: Language = document.documentElement.lang === 'es' ? 'es' : 'en'

void i18next.use(initReactI18next).init({
  lng: initial,
  fallbackLng: 'en',
  resources: { en: { translation: dictionary('en') }, es: { translation: dictionary('es') } },
  interpolation: { escapeValue: false },
})

// What a text counts is written as all other numbers are.
i18next.services.formatter?.add('number', (value) => number(Number(value)))

/** Adds the texts of a page that came later. */
export const addTexts = <Name extends keyof LateParts>(name: Name, part: LateParts[Name]): void => {
  for (const language of ['en', 'es'] as const)
    i18next.addResourceBundle(language, 'translation', { [name]: part[language] }, true, true)
}

if (initial === 'es') void loadSpanish()

/** Changes the language of the page now, and of the next document too. */
export const chooseLanguage = async (chosen: Language): Promise<void> => {
  saveChoice('language', chosen)
  document.documentElement.lang = chosen
  if (chosen === 'es') await loadSpanish()
  await i18next.changeLanguage(chosen)
}
