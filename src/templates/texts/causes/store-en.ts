import { STORE_WORDS, type StoreCauses } from '#core/cause/store-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const storeEn = causeTexts<StoreCauses>()(STORE_WORDS)
