import type { CauseCode } from '#core/cause/cause.ts'
import type { Language } from '#core/message/message.ts'
import { probeEn } from './probe-en.ts'
import { probeEs } from './probe-es.ts'
import { serverEn } from './server-en.ts'
import { serverEs } from './server-es.ts'

/** A sentence for every cause. */
export type CauseTexts = Readonly<Record<CauseCode, string>>

export const causeSentences: Readonly<Record<Language, CauseTexts>> = {
  en: { ...probeEn, ...serverEn },
  es: { ...probeEs, ...serverEs },
}
