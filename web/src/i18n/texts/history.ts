import { bilingual } from '../bilingual.ts'

export const history = bilingual({}, {})
