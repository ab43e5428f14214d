/**
 * Format characters that text of people needs: joiners of Persian, Indic scripts and emoji, the signs that Arabic, Syriac
 * and Kaithi write around numbers, and the tags behind the black flag (the flags of England and others).
 */
const NEEDED = '\\u200c\\u200d\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}'
const TAGS = '[\\u{e0020}-\\u{e007f}]'
/** Everything else of Unicode's class Cf: marks of direction, invisible spaces, the byte order mark. */
const UNSEEN = `(?<!\\u{1f3f4}${TAGS}*)${TAGS}|(?!${TAGS})(?![${NEEDED}])\\p{Cf}`

const unseen = new RegExp(UNSEEN, 'gu')
const spaces = /[\s\p{Cc}\u2028\u2029]+/gu
/** Control characters that lay out no text, and lines that end in other ways than `\n`. */
const layout = /[^\P{Cc}\n\t]/gu
const drives = new RegExp(`[\\p{Cc}\\u2028\\u2029]|${UNSEEN}`, 'gu')
const PLAIN = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/

/**
 * A value as it stands in a line of text for people: it can begin no line of its own, drive no terminal, and turn no text
 * around. Line ends and control characters become single spaces; marks that nobody sees go.
 */
export const oneLine = (text: string): string =>
  PLAIN.test(text) ? text : text.toWellFormed().replace(unseen, '').replace(spaces, ' ').trim()

/** The same for text that has lines by nature, as what a template of people wrote: its lines and tabs stay. */
export const plainText = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text
        .toWellFormed()
        .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
        .replace(unseen, '')
        .replace(layout, ' ')

/** A line of a terminal, blanks as they are: what would drive the terminal or turn the line around shows as a dot. */
export const printable = (text: string): string => text.replace(drives, '·')

const isOneLine = (text: string): boolean => PLAIN.test(text) || oneLine(text) === text

/** True when every text in a value, also the names of its fields, is as `oneLine` writes it: nearly always. */
const isOneLineEach = (value: unknown): boolean => {
  if (typeof value === 'string') return isOneLine(value)
  if (Array.isArray(value)) return value.every(isOneLineEach)
  if (typeof value !== 'object' || value === null) return true
  for (const key of Object.keys(value))
    if (!isOneLine(key) || !isOneLineEach((value as Record<string, unknown>)[key])) return false
  return true
}

const rewrittenEach = <Value>(value: Value): Value => {
  if (typeof value === 'string') return oneLine(value) as Value
  if (Array.isArray(value)) return value.map(rewrittenEach) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [oneLine(key), rewrittenEach(inner)])) as Value
}

/** A value with every text in it, also the names of its fields, as `oneLine` writes it; itself where it is so already. */
export const oneLineEach = <Value>(value: Value): Value => (isOneLineEach(value) ? value : rewrittenEach(value))

/** A line of JSON as a terminal may show it: what would drive it or turn it around stands escaped, and reads the same. */
export const printableJson = (line: string): string =>
  line.replace(/[\x7f-\x9f\u2028\u2029]|\p{Cf}/gu, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )
