import type { Json } from '#lib/json.ts'

const DEEPEST = 20
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' }
const WORDS: Readonly<Record<string, Json>> = { None: null, True: true, False: false }

/**
 * Reads a literal as Python prints it: lists, tuples and sets as arrays, dictionaries with texts as keys, texts, numbers,
 * `None`, `True`, `False`. Undefined when the text is anything else; nothing in it is ever run.
 */
export const parsePythonLiteral = (text: string): Json | undefined => {
  let at = 0
  const fail = (): never => {
    throw new SyntaxError(`not a literal at ${at}`)
  }
  const space = () => {
    while (/\s/.test(text[at] ?? '')) at++
  }
  const eat = (wanted: string): boolean => {
    space()
    if (text[at] !== wanted) return false
    at++
    return true
  }

  const string = (quote: string): string => {
    let value = ''
    while (at < text.length) {
      const character = text[at++]!
      if (character === quote) return value
      if (character !== '\\') {
        value += character
        continue
      }
      const code = /^(?:x([\da-f]{2})|u([\da-f]{4}))/i.exec(text.slice(at, at + 5))
      if (code) {
        value += String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, 16))
        at += code[0].length
      } else value += ESCAPES[text[at++]!] ?? fail()
    }
    return fail()
  }

  const items = <T>(end: string, item: () => T): T[] => {
    const found: T[] = []
    while (!eat(end)) {
      found.push(item())
      if (!eat(',')) {
        if (!eat(end)) fail()
        break
      }
    }
    return found
  }

  const value = (depth: number): Json => {
    if (depth > DEEPEST) fail()
    if (eat('[')) return items(']', () => value(depth + 1))
    if (eat('(')) return items(')', () => value(depth + 1))
    if (eat('{')) {
      const entries = items('}', () => {
        const key = value(depth + 1)
        return [key, eat(':') ? value(depth + 1) : undefined] as const
      })
      const isSet = entries.length > 0 && entries.every(([, one]) => one === undefined)
      if (isSet) return entries.map(([key]) => key)
      return Object.fromEntries(
        entries.map(([key, one]) => (typeof key === 'string' && one !== undefined ? [key, one] : fail())),
      )
    }
    if (eat("'")) return string("'")
    if (eat('"')) return string('"')
    const [word] = /^(?:None|True|False|-?\d{1,15}(?:\.\d{1,15})?)/.exec(text.slice(at, at + 40)) ?? fail()
    at += word.length
    return Object.hasOwn(WORDS, word) ? WORDS[word]! : Number(word)
  }

  try {
    const parsed = value(0)
    space()
    return at === text.length ? parsed : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
