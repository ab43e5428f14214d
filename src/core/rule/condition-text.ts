/** The short form of a condition: `> 80`, `in [sshd, nginx]`, `exists`. */
export interface WrittenCondition {
  readonly operator: string
  /** Undefined when nothing follows the operator. */
  readonly value: unknown
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A number, true, false, null, a text in quotes, or else the text as it stands. */
const scalarOf = (text: string): unknown => {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  if (NUMBER.test(text)) return Number(text)
  if (/^".*"$/s.test(text)) return parsedJson(text) ?? text
  return /^'.*'$/s.test(text) ? text.slice(1, -1) : text
}

const unquoted = (text: string): unknown => (/^(".*"|'.*')$/s.test(text) ? scalarOf(text) : text)

/** `[a, b]` with or without quotes; undefined when it is no list. */
const listOf = (text: string): unknown => {
  if (!/^\[.*\]$/s.test(text)) return undefined
  const inner = text.slice(1, -1).trim()
  if (inner === '') return []
  return parsedJson(text) ?? inner.split(',').map((part) => scalarOf(part.trim()))
}

const expectedOf = (operator: string, text: string): unknown => {
  if (text === '') return undefined
  if (operator === 'in' || operator === 'not_in') return listOf(text)
  if (operator === 'cidr') return listOf(text) ?? text.split(',').map((part) => part.trim())
  // These two look for text, also when it reads as a number.
  return operator === 'contains' || operator === 'matches' ? unquoted(text) : scalarOf(text)
}

/** Reads a text that begins with an operator; undefined when it does not. */
export const readCondition = (text: string): WrittenCondition | undefined => {
  const [, symbol, word, rest] =
    /^\s*(?:(>=|<=|==|!=|>|<)(?![=<>])|(in|not_in|contains|matches|exists|cidr)(?=\s|$))(.*)$/s.exec(text) ?? []
  const operator = symbol ?? word
  return operator === undefined ? undefined : { operator, value: expectedOf(operator, rest!.trim()) }
}

/** The short form that `readCondition` reads back as `== value`, in quotes, for messages. */
export const writtenEqual = (value: unknown): string => {
  const bare = typeof value === 'string' && value.trim() === value && value !== '' && scalarOf(value) === value
  return JSON.stringify(`== ${bare ? value : JSON.stringify(value)}`)
}
