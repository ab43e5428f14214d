import { bilingual } from '../bilingual.ts'

export const codes = bilingual({}, {})
