// Python counts characters, JavaScript UTF-16 units: a face or a flag is two of these. Texts without such characters,
// nearly all, are not taken apart.

const SURROGATE = /[\ud800-\udfff]/

/** A text as something that can be indexed and sliced by characters. */
export const characters = (text: string): string | readonly string[] => (SURROGATE.test(text) ? [...text] : text)

export const lengthOf = (text: string): number => characters(text).length

/** A slice by characters; `start` and `end` as in `Array.slice`. */
export const sliceText = (text: string, start: number, end?: number): string => {
  const all = characters(text)
  return typeof all === 'string' ? all.slice(start, end) : all.slice(start, end).join('')
}

/** Compares by code points. */
export const compareTexts = (a: string, b: string): number => {
  if (a === b) return 0
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1
  const [x, y] = [[...a], [...b]]
  for (let index = 0; index < x.length && index < y.length; index++) {
    const difference = x[index]!.codePointAt(0)! - y[index]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return x.length - y.length
}

/** A text's lines, as Python's `splitlines` parts them. */
export const splitLines = (text: string, keepEnds = false): string[] => {
  const lines =
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? []
  return keepEnds ? lines : lines.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''))
}
