import { lineCounter } from './lines.ts'

type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly entries: readonly PythonEntry[] }

export interface PythonEntry {
  readonly key: PythonValue
  readonly value: PythonValue
  readonly line: number
}

/** What stands behind `NAME =`; no value where the program makes it when it runs. */
export interface PythonName {
  readonly name: string
  readonly line: number
  readonly value?: PythonValue
  /** As it is written, where there is no value. */
  readonly text: string
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '0': '\0',
}
const DEEPEST = 30

/** Thrown within, where something is no plain value. */
const NOT_PLAIN = Symbol('not plain')

const createReader = (text: string, known: ReadonlyMap<string, PythonName>) => {
  const lineOf = lineCounter(text)
  let at = 0

  const skip = (lines = true) => {
    for (;;) {
      while (at < text.length && (lines ? /\s/ : /[ \t]/).test(text[at]!)) at++
      if (text[at] === '\\' && text[at + 1] === '\n') at += 2
      else if (text[at] === '#' && lines) {
        const end = text.indexOf('\n', at)
        at = end < 0 ? text.length : end
      } else return
    }
  }

  const escaped = (): string => {
    const char = text[at + 1] ?? ''
    const hex = /^(?:x([\da-f]{2})|u([\da-f]{4}))/i.exec(text.slice(at + 1, at + 6))
    if (hex) {
      at += 1 + hex[0].length
      return String.fromCharCode(Number.parseInt(hex[1] ?? hex[2]!, 16))
    }
    at += 2
    if (char === '\n') return ''
    return ESCAPES[char] ?? `\\${char}`
  }

  const string = (): string => {
    const prefix = /^[a-z]{0,2}/i.exec(text.slice(at, at + 2))![0].toLowerCase()
    at += prefix.length
    const mark = text.startsWith('"""', at) || text.startsWith("'''", at) ? text.slice(at, at + 3) : text[at]!
    at += mark.length
    let value = ''
    while (!text.startsWith(mark, at)) {
      if (at >= text.length || (mark.length === 1 && text[at] === '\n')) throw NOT_PLAIN
      if (text[at] === '\\' && !prefix.includes('r')) value += escaped()
      else value += text[at++]
    }
    at += mark.length
    if (prefix.includes('f') && /[{}]/.test(value)) throw NOT_PLAIN
    return value
  }

  const isString = () => /^(?:[rub]|f|rb|br|fr|rf)?["']/i.test(text.slice(at, at + 3))

  const items = (close: string, depth: number, read: () => void) => {
    at++
    for (skip(); text[at] !== close; skip()) {
      if (at >= text.length || depth > DEEPEST) throw NOT_PLAIN
      read()
      skip()
      if (text[at] === ',') at++
      else if (text[at] !== close) throw NOT_PLAIN
    }
    at++
  }

  const list = (close: string, depth: number): PythonValue => {
    const values: PythonValue[] = []
    let commas = false
    items(close, depth, () => {
      values.push(value(depth + 1))
      skip()
      commas ||= text[at] === ','
    })
    return close === ')' && values.length === 1 && !commas ? values[0]! : values
  }

  const mapping = (depth: number): PythonValue => {
    const entries: PythonEntry[] = []
    items('}', depth, () => {
      const line = lineOf(at)
      const key = value(depth + 1)
      skip()
      if (text[at] !== ':') throw NOT_PLAIN
      at++
      skip()
      entries.push({ key, value: value(depth + 1), line })
    })
    return { entries }
  }

  const word = (): PythonValue => {
    const number = /^[-+]?(?:0x[\da-f]+|\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+)/i.exec(text.slice(at, at + 40))
    if (number) {
      at += number[0].length
      return Number(number[0].replaceAll('_', ''))
    }
    const name = /^[A-Za-z_]\w*/.exec(text.slice(at, at + 200))?.[0]
    if (name === undefined) throw NOT_PLAIN
    at += name.length
    if (name === 'None') return null
    if (name === 'True' || name === 'False') return name === 'True'
    const other = known.get(name)?.value
    if (other === undefined) throw NOT_PLAIN
    return other
  }

  const value = (depth: number): PythonValue => {
    if (text[at] === '{') return mapping(depth)
    if (text[at] === '[') return list(']', depth)
    if (text[at] === '(') return list(')', depth)
    if (!isString()) return word()
    let whole = string()
    for (skip(depth > 0); isString(); skip(depth > 0)) whole += string()
    return whole
  }

  return {
    /** The value at an offset, where it is all that stands on its line. */
    valueAt: (from: number): PythonValue | undefined => {
      at = from
      try {
        skip(false)
        const found = value(0)
        skip(false)
        return at >= text.length || text[at] === '\n' || text[at] === '#' || text[at] === ';' ? found : undefined
      } catch (error) {
        if (error === NOT_PLAIN) return undefined
        throw error
      }
    },
    lineOf,
  }
}

/**
 * The plain values that a Python program gives to names, wherever it does; of several the last, by which it runs. The program
 * is read, never run.
 */
export const readPythonValues = (text: string): ReadonlyMap<string, PythonName> => {
  const names = new Map<string, PythonName>()
  const { valueAt, lineOf } = createReader(text, names)
  for (const found of text.matchAll(/^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,100})?=(?!=)/gm)) {
    const [begin, name] = found as unknown as [string, string]
    const from = found.index + begin.length
    const value = valueAt(from)
    const line = lineOf(found.index)
    const end = text.indexOf('\n', from)
    const written = text.slice(from, end < 0 ? text.length : end).trim()
    names.set(name, value === undefined ? { name, line, text: written } : { name, line, value, text: written })
  }
  return names
}
