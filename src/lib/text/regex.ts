import { own } from '../own.ts'
import { done, failed, type Result } from '../result.ts'
import { lazily } from '../run/lazily.ts'
import { loadRe2 } from './load-re2.ts'

export interface LinearRegex {
  /** True when the pattern is found anywhere in the text. */
  test(text: string): boolean
}

/** Time is pattern times text: a short text such as `(a?){1000}` may stand for a very large pattern. */
const LONGEST_PATTERN = 1000
const LARGEST_PROGRAM = 1000

const flagsByLetter = lazily((): Readonly<Record<string, number>> => {
  const { CASE_INSENSITIVE, MULTILINE, DOTALL } = loadRe2()
  return { i: CASE_INSENSITIVE, m: MULTILINE, s: DOTALL }
})

/** Why a pattern is not taken, as a code with what a sentence of it names. */
export type PatternFault =
  | { readonly code: 'pattern_flag_unknown'; readonly facts: { readonly flag: string } }
  | { readonly code: 'pattern_too_long'; readonly facts: { readonly length: number; readonly most: number } }
  | { readonly code: 'pattern_repeats'; readonly facts: { readonly pattern: string } }
  | { readonly code: 'pattern_invalid'; readonly facts: { readonly pattern: string; readonly error: string } }

const flagBits = (flags: string): Result<number, PatternFault> => {
  let bits = 0
  for (const flag of flags) {
    const bit = own(flagsByLetter(), flag)
    if (bit === undefined) return failed({ code: 'pattern_flag_unknown', facts: { flag } })
    bits |= bit
  }
  return done(bits)
}

/**
 * Text with which every match begins, empty when that cannot be told at a glance. Asking for it first spares most texts
 * the regular expression: `^admin-[0-9]+$` concerns none that does not begin with `admin-`.
 */
const literalStart = (pattern: string, flags: string): { readonly text: string; readonly anchored: boolean } => {
  const [, anchor = '', run = '', next = ''] = /^(\^?)([A-Za-z0-9 _@/:-]*)(.?)/s.exec(pattern)!
  const plain = flags === '' && !/\||\(\?/.test(pattern)
  // What is counted may be missing: of `ab*` only the `a` is sure.
  const text = /[*?{]/.test(next) ? run.slice(0, -1) : run
  return { text: plain ? text : '', anchored: anchor !== '' }
}

/**
 * A regular expression that runs in time linear in the text (RE2), so that no pattern can hold the server. `flags`: any
 * of `i`, `m`, `s`. Fails where the pattern is not one (look-around and back-references are not), or is too large.
 */
export const linearRegex = (pattern: string, flags = ''): Result<LinearRegex, PatternFault> => {
  const bits = flagBits(flags)
  if (!bits.ok) return bits
  const { length } = pattern
  if (length > LONGEST_PATTERN) return failed({ code: 'pattern_too_long', facts: { length, most: LONGEST_PATTERN } })
  try {
    const compiled = loadRe2().compile(pattern, bits.value)
    if (compiled.programSize() > LARGEST_PROGRAM) return failed({ code: 'pattern_repeats', facts: { pattern } })
    const { text: start, anchored } = literalStart(pattern, flags)
    if (start === '') return done({ test: (text) => compiled.test(text) })
    const mayMatch = anchored ? (text: string) => text.startsWith(start) : (text: string) => text.includes(start)
    return done({ test: (text) => mayMatch(text) && compiled.test(text) })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return failed({ code: 'pattern_invalid', facts: { pattern, error: words } })
  }
}
