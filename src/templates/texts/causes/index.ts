import type { CauseCode } from '#core/cause/cause.ts'
import type { CureCode } from '#core/cause/delivery-cures.ts'
import type { Language } from '#core/message/message.ts'
import { curesEn } from './cures-en.ts'
import { curesEs } from './cures-es.ts'
import { deliveryEn } from './delivery-en.ts'
import { deliveryEs } from './delivery-es.ts'
import { eventEn } from './event-en.ts'
import { eventEs } from './event-es.ts'
import { probeEn } from './probe-en.ts'
import { probeEs } from './probe-es.ts'
import { serverEn } from './server-en.ts'
import { serverEs } from './server-es.ts'

/** A sentence for every cause. */
export type CauseTexts = Readonly<Record<CauseCode, string>>

export const causeSentences: Readonly<Record<Language, CauseTexts>> = {
  en: { ...probeEn, ...deliveryEn, ...serverEn, ...eventEn },
  es: { ...probeEs, ...deliveryEs, ...serverEs, ...eventEs },
}

/** A sentence for every cure. */
export const cureSentences: Readonly<Record<Language, Readonly<Record<CureCode, string>>>> = {
  en: curesEn,
  es: curesEs,
}
