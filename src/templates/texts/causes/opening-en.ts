import { OPENING_WORDS, type OpeningCauses } from '#core/cause/opening-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const openingEn = causeTexts<OpeningCauses>()(OPENING_WORDS)
