import { because, type Cause } from '#core/cause/cause.ts'
import { nearest } from '#lib/text/nearest.ts'

/** What would be right in place of a name that none of these is; `none` where there are none. */
export const rightName = (wrong: string, known: readonly string[], none: Cause): Cause => {
  const meant = nearest(wrong, known)
  if (meant !== undefined) return because('did_you_mean', { meant })
  return known.length > 0 ? because('there_are', { names: known.join(', ') }) : none
}

/** The same of keys and words, of which there are always some. */
export const rightWord = (wrong: string, known: readonly string[]): Cause => {
  const meant = nearest(wrong, known)
  return meant === undefined ? because('known_are', { names: known.join(', ') }) : because('did_you_mean', { meant })
}
