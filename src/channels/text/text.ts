import { lazily } from '#lib/run/lazily.ts'
import { oneLine } from '#lib/text/one-line.ts'

/** Made with the first text that is too long: it takes 10 ms. */
const graphemes = lazily(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }))

const same = (text: string): string => text

/**
 * Text in a channel's markup, at most `limit` UTF-16 units long after escaping. What does not fit is cut between two
 * characters as people see them and ends in an ellipsis. Broken surrogates are mended, because some services refuse
 * the whole message for one.
 */
export const fit = (text: string, limit: number, escaped: (text: string) => string = same): string => {
  const whole = text.toWellFormed()
  if (whole.length <= limit) {
    const fitting = escaped(whole)
    if (fitting.length <= limit) return fitting
  }
  let shortened = ''
  // One character more than the limit is enough to see that it does not fit: the cost does not grow with the text.
  for (const { segment } of graphemes().segment(whole.slice(0, limit + 1))) {
    const piece = escaped(segment)
    if (shortened.length + piece.length > limit - 1) break
    shortened += piece
  }
  return `${shortened.toWellFormed()}…`
}

export { oneLine }

/** What a server said, as one short line. */
export const excerpt = (text: string): string => fit(oneLine(text.slice(0, 2000)), 200)
