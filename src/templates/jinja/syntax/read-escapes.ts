import { syntaxError } from './template-error.ts'

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/gu

/** The escapes of a text in a template, as Python reads them: one that it does not know stays as it stands. */
export const readEscapes = (text: string, line: number): string => {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (whole, octal, short, four, eight, sign: string | undefined) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    const hex = short ?? four ?? eight
    const code = hex === undefined ? undefined : Number.parseInt(hex, 16)
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code)
    if (code !== undefined || sign === 'x' || sign === 'u' || sign === 'U' || sign === 'N')
      throw syntaxError(line, 'escape_incomplete', { escape: whole })
    return SIMPLE[sign!] ?? whole
  })
}
