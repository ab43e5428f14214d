/**
 * Reads the part of YAML that nearly every configuration keeps to: mappings and lists by indentation or in brackets, texts
 * of one line with or without quotes, numbers, comments, and with that JSON. It takes a fiftieth of the time that a reader
 * of all of YAML takes, which is most of a start with a thousand monitors.
 */

/** What a text says, and where the items of its lists begin. */
export interface PlainYaml {
  readonly value: unknown
  /** Offsets of the items of a list of `value` that are mappings. */
  readonly starts: ReadonlyMap<unknown, readonly (number | undefined)[]>
}

/** A text of the file becomes another; undefined: it cannot be read here. */
type Expand = (text: string) => string | undefined

/** Tabs, line ends of other systems, invisible characters, several documents, directives. */
const NEVER_PLAIN = /[\t\r\u0085\u2028\u2029\ufeff]|[\0-\x08\x0b-\x1f\x7f]|^(?:---|\.\.\.|%)/m
/** What a text without quotes begins with; all else means something to YAML, or may. */
const FIRST = /[A-Za-z0-9_$./~+(;=\u00a1-\u2027\u2030-\ud7ff]|-(?=[A-Za-z0-9.])/y
const IN_BLOCK = /(?:[^ \n:#]|:(?=[^ \n])|(?<=[^ \n])#| +(?=[^ \n#:]|:[^ \n]))+/y
const IN_BRACKETS = /(?:[^ \n:#,[\]{}]|:(?=[^ \n,[\]{}])|(?<=[^ \n,[\]{}])#| +(?=[^ \n#:,[\]{}]|:[^ \n,[\]{}]))+/y
const DOUBLE_QUOTED = /"(?:[^"\\\n]|\\["\\/bfnrtu])*"/y
const SINGLE_QUOTED = /'(?:[^'\n]|'')*'/y
const SPACE = /(?:[ \n]|(?<=^|[ \n])#[^\n]*)*/y
const NUMBER = /^-?(?:0|[1-9]\d{0,14}|\d{1,15}\.\d{1,15})$/
/** Numbers in all other ways of writing them. */
const OTHER_NUMBER =
  /^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+\.\d*)(?:[eE][-+]?\d+)?|[-+]?\d+[eE][-+]?\d+|[-+]?\.inf|\.nan)$/i
const WORDS = new Map<string, unknown>(
  Object.entries({ '~': null, null: null, Null: null, NULL: null, true: true, True: true, TRUE: true }).concat(
    Object.entries({ false: false, False: false, FALSE: false }),
  ),
)
const LONGEST_KEY = 500
const DEEPEST = 50

/** Undefined where it is a number that is written in a rarer way. */
const meaningOf = (text: string): unknown => {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  const code = text.charCodeAt(0)
  // Nothing that begins with a letter is a number.
  if (code > 57) return text
  if (NUMBER.test(text)) return Number(text)
  return OTHER_NUMBER.test(text) ? undefined : text
}

/** Undefined where a text has more than this reads: then whoever reads all of YAML says what it is, or what is wrong. */
export const readPlainYaml = (text: string, expand: Expand = (one) => one): PlainYaml | undefined => {
  if (NEVER_PLAIN.test(text)) return undefined
  const starts = new Map<unknown, (number | undefined)[]>()
  let at = 0
  /** Where the line of `at` begins. */
  let line = 0

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  /** Over spaces, comments and line ends; true when there was a line end. */
  const skip = (): boolean => {
    const from = at
    const end = match(SPACE)?.lastIndexOf('\n') ?? -1
    if (end < 0) return false
    line = from + end + 1
    return true
  }
  const spaceFollows = (): boolean => at >= text.length || text[at] === ' ' || text[at] === '\n'
  const item = (): boolean => text[at] === '-' && (at + 1 >= text.length || ' \n'.includes(text[at + 1]!))

  /** A text in quotes, as it is meant. */
  const quoted = (): string | undefined => {
    if (text[at] === "'") return match(SINGLE_QUOTED)?.slice(1, -1).replaceAll("''", "'")
    const found = match(DOUBLE_QUOTED)
    if (found === undefined || !found.includes('\\')) return found?.slice(1, -1)
    return /\\u(?![\da-fA-F]{4})/.test(found) ? undefined : JSON.parse(found)
  }
  const isQuote = (): boolean => text[at] === '"' || text[at] === "'"
  const bare = (pattern: RegExp): string | undefined => {
    FIRST.lastIndex = at
    return FIRST.test(text) ? match(pattern) : undefined
  }
  /** A text, a number or a word on its own. */
  const scalar = (pattern: RegExp): unknown => {
    if (isQuote()) {
      const found = quoted()
      return found === undefined ? undefined : expand(found)
    }
    const found = bare(pattern)
    if (found === undefined) return undefined
    const meant = meaningOf(found)
    return typeof meant === 'string' ? expand(meant) : meant
  }
  /** The name of a field, up to behind its colon. */
  const key = (pattern: RegExp): string | undefined => {
    const from = at
    const wasQuoted = isQuote()
    const found = wasQuoted ? quoted() : bare(pattern)
    if (found === undefined || at - from > LONGEST_KEY || found === '__proto__' || found.includes('${'))
      return undefined
    if (!wasQuoted && typeof meaningOf(found) !== 'string') return undefined
    while (text[at] === ' ') at++
    if (text[at] !== ':') return undefined
    at++
    return found
  }

  /** Behind an opening bracket; every line must be indented further than `indent`. */
  const brackets = (indent: number, depth: number): unknown => {
    const close = text[at] === '{' ? '}' : ']'
    const fields: Record<string, unknown> = {}
    const items: unknown[] = []
    const places: (number | undefined)[] = []
    const further = () => !skip() || at - line > indent
    at++
    for (;;) {
      if (!further()) return undefined
      if (text[at] === close) break
      const from = at
      let name: string | undefined
      if (close === '}') {
        name = key(IN_BRACKETS)
        if (name === undefined || Object.hasOwn(fields, name) || !further()) return undefined
      }
      const value = inBrackets(indent, depth + 1)
      if (value === undefined || !further()) return undefined
      if (name === undefined) {
        items.push(value)
        places.push(typeof value === 'object' && value ? from : undefined)
      } else fields[name] = value
      if (text[at] === ',') at++
      else if (text[at] !== close) return undefined
    }
    at++
    if (close === '}') return fields
    starts.set(items, places)
    return items
  }
  const inBrackets = (indent: number, depth: number): unknown => {
    if (depth > DEEPEST) return undefined
    return text[at] === '{' || text[at] === '[' ? brackets(indent, depth) : scalar(IN_BRACKETS)
  }

  /** What stands on the rest of a line, or in brackets from there; nothing but a comment may follow. */
  const restOfLine = (indent: number, depth: number): unknown => {
    const value = text[at] === '{' || text[at] === '[' ? brackets(indent, depth) : scalar(IN_BLOCK)
    if (value === undefined || !spaceFollows()) return undefined
    return skip() || at >= text.length ? value : undefined
  }

  /** What belongs to a field or an item at `indent`: behind it, or on the lines below. `least`: how far these are in. */
  const belonging = (indent: number, least: number, depth: number, compact: boolean): unknown => {
    if (!spaceFollows()) return undefined
    if (!skip()) {
      if (at >= text.length) return null
      return compact ? block(indent, depth) : item() ? undefined : restOfLine(indent, depth)
    }
    const column = at - line
    if (at >= text.length || column < least || (column === indent && !item())) return null
    return block(indent, depth)
  }

  const listAt = (column: number, depth: number): unknown => {
    const items: unknown[] = []
    const places: (number | undefined)[] = []
    do {
      at++
      let from = at
      while (text[from] === ' ') from++
      const value = belonging(column, column + 1, depth + 1, true)
      if (value === undefined) return undefined
      items.push(value)
      // One that begins on another line is looked for by who reads all.
      places.push(typeof value === 'object' && value && !' \n#'.includes(text[from] ?? '\n') ? from : undefined)
    } while (at < text.length && at - line === column && item())
    if (at < text.length && at - line > column) return undefined
    starts.set(items, places)
    return items
  }

  const mappingAt = (column: number, depth: number): unknown => {
    const fields: Record<string, unknown> = {}
    do {
      const name = key(IN_BLOCK)
      if (name === undefined || Object.hasOwn(fields, name)) return undefined
      // A list may stand as far out as the field that it belongs to.
      const value = belonging(column, column, depth + 1, false)
      if (value === undefined) return undefined
      fields[name] = value
    } while (at < text.length && at - line === column)
    return at < text.length && at - line > column ? undefined : fields
  }

  /** A mapping, a list or a value that belongs to something at `indent`. */
  const block = (indent: number, depth: number): unknown => {
    if (depth > DEEPEST) return undefined
    const column = at - line
    if (item()) return listAt(column, depth)
    const from = at
    const isMapping = text[at] !== '{' && text[at] !== '[' && key(IN_BLOCK) !== undefined && spaceFollows()
    at = from
    return isMapping ? mappingAt(column, depth) : restOfLine(indent, depth)
  }

  skip()
  const value = at >= text.length ? null : block(-1, 0)
  return value === undefined || at < text.length ? undefined : { value, starts }
}
