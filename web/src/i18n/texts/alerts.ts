import { bilingual } from '../bilingual.ts'

export const alerts = bilingual({}, {})
