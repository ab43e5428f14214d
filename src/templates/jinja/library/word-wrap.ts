import { lengthOf, sliceText } from '../values/characters.ts'

/** Where a line may be broken: at blanks, and after a hyphen between letters. */
const BREAKS = /(?<=[\p{L}\p{N}_]{2}-)(?=\p{L}{2})/u

/** Lines of at most so many characters, broken as Python's textwrap breaks them. */
export const wrapLine = (line: string, most: number, breakLong: boolean, onHyphens: boolean): string[] => {
  const pieces = line.split(/(\s+)/).filter(Boolean)
  const chunks = onHyphens ? pieces.flatMap((one) => one.split(BREAKS)) : pieces
  const lines: string[] = []
  let current = ''
  const push = () => {
    const trimmed = current.trimEnd()
    if (trimmed !== '') lines.push(trimmed)
    current = ''
  }
  for (const whole of chunks) {
    if (current === '' && lines.length > 0 && whole.trim() === '') continue
    if (lengthOf(current) + lengthOf(whole) <= most) {
      current += whole
      continue
    }
    if (lengthOf(whole) <= most || !breakLong) {
      push()
      current = whole.trim() === '' ? '' : whole
      continue
    }
    let chunk = whole
    while (lengthOf(current) + lengthOf(chunk) > most) {
      const room = Math.max(current === '' ? 1 : 0, most - lengthOf(current))
      current += sliceText(chunk, 0, room)
      chunk = sliceText(chunk, room)
      push()
    }
    current = chunk
  }
  push()
  return lines
}
