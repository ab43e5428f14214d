import { isUtf8 } from 'node:buffer'
import type { RE2JS } from 're2js'
import type { Cause } from '#core/cause/cause.ts'
import { decodeAsGo } from '#lib/text/go-utf8.ts'
import { loadRe2 } from '#lib/text/load-re2.ts'
import { linearRegex } from '#lib/text/regex.ts'

/** Compiled patterns by their text: a module is used at every scrape. */
const kept = new Map<string, RE2JS>()
const MOST_KEPT = 1000

/** What is wrong with a pattern; undefined when nothing is. */
export const patternProblem = (pattern: string): Cause | undefined => {
  const regex = linearRegex(pattern)
  return regex.ok ? undefined : regex.problem
}

const compiled = (pattern: string): RE2JS => {
  const known = kept.get(pattern)
  if (known) return known
  const made = loadRe2().compile(pattern)
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
  kept.set(pattern, made)
  return made
}

/** True when the pattern, checked before, is found in the text. */
export const matches = (pattern: string, text: string): boolean => compiled(pattern).test(text)

/** Bytes as the text that patterns see. */
export const textOf = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString('utf8') : decodeAsGo(bytes).text)

/** What a pattern found: its groups, the whole match first, as bytes; undefined for one that took no part. */
export interface Found {
  readonly groups: readonly (Buffer | undefined)[]
  /** Numbers of groups by name. */
  readonly names: Readonly<Record<string, number>>
}

/** Where the pattern is found in bytes; undefined where it is not. */
export const findIn = (pattern: string, bytes: Buffer): Found | undefined => {
  const regex = compiled(pattern)
  const decoded = isUtf8(bytes) ? undefined : decodeAsGo(bytes)
  const matcher = regex.matcher(decoded?.text ?? bytes.toString('utf8'))
  if (!matcher.find()) return undefined
  const group = (index: number): Buffer | undefined => {
    const start = matcher.start(index)
    if (start < 0) return undefined
    return decoded
      ? bytes.subarray(decoded.offsets[start], decoded.offsets[matcher.end(index)])
      : Buffer.from(matcher.group(index) ?? '')
  }
  return {
    groups: Array.from({ length: matcher.groupCount() + 1 }, (_, index) => group(index)),
    names: regex.namedGroups(),
  }
}
