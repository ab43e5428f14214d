import { RE2JS } from 're2js'
import { linearRegex } from '#lib/text/regex.ts'

/** Compiled patterns by their text: a module is used at every scrape. */
const kept = new Map<string, RE2JS>()
const MOST_KEPT = 1000

/** What is wrong with a pattern; undefined when nothing is. */
export const patternProblem = (pattern: string): string | undefined => {
  const regex = linearRegex(pattern)
  return 'error' in regex ? regex.error : undefined
}

const compiled = (pattern: string): RE2JS => {
  const known = kept.get(pattern)
  if (known) return known
  const made = RE2JS.compile(pattern)
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
  kept.set(pattern, made)
  return made
}

/** True when the pattern, checked before, is found in the text. */
export const matches = (pattern: string, text: string): boolean => compiled(pattern).test(text)

/** The whole match and its groups; undefined where there is none. */
export const groupsOf = (pattern: string, text: string): string[] | undefined => {
  const matcher = compiled(pattern).matcher(text)
  if (!matcher.find()) return undefined
  return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '')
}
