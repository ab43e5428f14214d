import type { CauseCode } from '#core/cause/cause.ts'
import type { CureCode } from '#core/cause/delivery-cures.ts'
import type { Language } from '#core/message/message.ts'
import { banEn } from './ban-en.ts'
import { banEs } from './ban-es.ts'
import { configEn } from './config-en.ts'
import { configEs } from './config-es.ts'
import { curesEn } from './cures-en.ts'
import { curesEs } from './cures-es.ts'
import { deliveryEn } from './delivery-en.ts'
import { deliveryEs } from './delivery-es.ts'
import { eventEn } from './event-en.ts'
import { eventEs } from './event-es.ts'
import { flowEn } from './flow-en.ts'
import { flowEs } from './flow-es.ts'
import { importEn } from './import-en.ts'
import { importEs } from './import-es.ts'
import { openingEn } from './opening-en.ts'
import { openingEs } from './opening-es.ts'
import { probeEn } from './probe-en.ts'
import { probeEs } from './probe-es.ts'
import { ruleEn } from './rule-en.ts'
import { ruleEs } from './rule-es.ts'
import { serverEn } from './server-en.ts'
import { serverEs } from './server-es.ts'
import { storeEn } from './store-en.ts'
import { storeEs } from './store-es.ts'
import { templateEn } from './template-en.ts'
import { templateEs } from './template-es.ts'
import { troubleEn } from './trouble-en.ts'
import { troubleEs } from './trouble-es.ts'
import { verdictEn } from './verdict-en.ts'
import { verdictEs } from './verdict-es.ts'
import { workEn } from './work-en.ts'
import { workEs } from './work-es.ts'

/** A sentence for every cause. */
export type CauseTexts = Readonly<Record<CauseCode, string>>

export const causeSentences: Readonly<Record<Language, CauseTexts>> = {
  en: {
    ...probeEn,
    ...deliveryEn,
    ...serverEn,
    ...storeEn,
    ...troubleEn,
    ...eventEn,
    ...flowEn,
    ...ruleEn,
    ...verdictEn,
    ...workEn,
    ...importEn,
    ...templateEn,
    ...banEn,
    ...openingEn,
    ...configEn,
  },
  es: {
    ...probeEs,
    ...deliveryEs,
    ...serverEs,
    ...storeEs,
    ...troubleEs,
    ...eventEs,
    ...flowEs,
    ...ruleEs,
    ...verdictEs,
    ...workEs,
    ...importEs,
    ...templateEs,
    ...banEs,
    ...openingEs,
    ...configEs,
  },
}

/** A sentence for every cure. */
export const cureSentences: Readonly<Record<Language, Readonly<Record<CureCode, string>>>> = {
  en: curesEn,
  es: curesEs,
}
