import { bilingual } from '../bilingual.ts'

export const rules = bilingual({}, {})
