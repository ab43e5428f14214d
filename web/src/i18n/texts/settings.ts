import { bilingual } from '../bilingual.ts'

export const settings = bilingual({}, {})
