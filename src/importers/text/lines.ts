/** Tells the line, from 1, in which an offset of a text lies; offsets are asked for in rising order. */
export const lineCounter = (text: string): ((offset: number) => number) => {
  let at = 0
  let line = 1
  return (offset) => {
    if (offset < at) [at, line] = [0, 1]
    for (let next = text.indexOf('\n', at); next >= 0 && next < offset; next = text.indexOf('\n', at)) {
      at = next + 1
      line++
    }
    return line
  }
}

/** A text as it may stand in a sentence: short. */
export const shortened = (text: string, most = 80): string => {
  const one = text.replaceAll(/\s+/g, ' ').trim()
  return one.length > most ? `${one.slice(0, most - 1)}…` : one
}
