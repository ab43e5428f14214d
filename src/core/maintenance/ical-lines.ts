const LONGEST = 75
const encoder = new TextEncoder()

/** Text as a property of type TEXT holds it (RFC 5545, 3.3.11): no control characters but its line breaks, escaped. */
export const icalText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\\;,]/g, (found) => `\\${found}`)
    .replaceAll('\n', '\\n')

/** One content line, folded to at most 75 octets a line and never within a character (RFC 5545, 3.1). */
const folded = (line: string): string => {
  const lines: string[] = []
  let [now, octets] = ['', 0]
  for (const character of line) {
    const more = encoder.encode(character).length
    if (octets + more > LONGEST) {
      lines.push(now)
      // The space that a continued line begins with counts.
      ;[now, octets] = [' ', 1]
    }
    now += character
    octets += more
  }
  return [...lines, now].join('\r\n')
}

/** Content lines as an iCalendar stream. */
export const icalStream = (lines: readonly string[]): string => lines.map((line) => `${folded(line)}\r\n`).join('')
