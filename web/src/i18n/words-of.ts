import type { Worded } from '../api/types.ts'
import { language } from './language.ts'

/**
 * What the server calls something and says of it, in the reader's language. Its schemas, types and schedules carry their
 * Spanish with them, so that no page needs to know a type.
 */
export const wordsOf = <One extends Worded>(one: One): Pick<One, 'title' | 'description'> =>
  language() === 'es' ? { ...one, ...one['x-es'] } : one
