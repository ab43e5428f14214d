import { RE2JS } from 're2js'

export interface LinearRegex {
  test(text: string): boolean
}

/**
 * A regular expression that runs in time linear in the text (RE2), so that no pattern can hold the server. `flags`: any
 * of `i`, `m`, `s`. Returns the error as text when the pattern is not one (look-around and back-references are not).
 */
export const linearRegex = (pattern: string, flags = ''): LinearRegex | { readonly error: string } => {
  const bits: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL }
  let value = 0
  for (const flag of flags) {
    if (bits[flag] === undefined) return { error: `the flag ${flag} is not known; use i, m or s` }
    value |= bits[flag]
  }
  try {
    const compiled = RE2JS.compile(pattern, value)
    return { test: (text) => compiled.matcher(text).find() }
  } catch (error) {
    return {
      error: `${pattern} is not a regular expression (RE2): ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}
