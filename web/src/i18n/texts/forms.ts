import { bilingual } from '../bilingual.ts'

export const forms = bilingual({}, {})
