import type { Language } from '#core/message/message.ts'
import { type DeliveryPhrase, deliveryPhrases } from './delivery-causes-es.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { Texts } from './texts.ts'

export const texts: Readonly<Record<Language, Texts>> = { en, es }
/** What channels say of deliveries, in each language; in English they say it themselves. */
export const ofDeliveries: Readonly<Record<Language, readonly DeliveryPhrase[]>> = { en: [], es: deliveryPhrases }
export type { Texts }
