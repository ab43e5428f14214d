import { type Document, LineCounter, type Node, parseDocument, type Scalar, visit } from 'yaml'
import type { Said, Told } from '#core/said.ts'
import type { ValueFault } from '#core/value-fault.ts'
import { expandText } from './env.ts'

/** What is wrong with a file, where (line and column from 1), and what would be right. */
export interface ConfigProblem extends Told {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** `file:line:column: what is wrong, what would be right` */
export const problemText = ({ file, line, column, message }: ConfigProblem): string =>
  `${file}:${line}:${column}: ${message}`

export type Path = readonly (string | number)[]

/** A parsed file that knows where each value stands. */
export interface ConfigSource {
  readonly value: unknown
  /** A problem at the value of a path, or at its key where `key` is set; a file says it in words only. */
  problem(path: Path, message: string, key?: string, told?: ValueFault | Said): ConfigProblem
  /** `file:line` of a value. */
  origin(path: Path): string
}

const ALIASES = 1000

const keyRange = (node: unknown, key: string): number | undefined => {
  const items = (node as { items?: readonly { key?: { value?: unknown; range?: readonly number[] } }[] })?.items ?? []
  return items.find((item) => item.key?.value === key)?.key?.range?.[0]
}

/** YAML reads an operator without quotes as a tag, an anchor or a folded text. */
const cureOf = (message: string): string =>
  /^Unresolved tag: !/.test(message) ? '; an operator needs quotes, write operator: "!="' : ''

/**
 * The first quote that is never closed, and where it opens; undefined where there is none. The reader names the place where
 * it gave up, often the end of the file, and takes what follows for faults too.
 */
const openQuote = (document: Document): { readonly mark: string; readonly offset: number } | undefined => {
  const fault = document.errors.find(({ code, message }) => code === 'MISSING_CHAR' && /quote$/.test(message))
  if (!fault) return undefined
  let offset: number | undefined
  visit(document, {
    Scalar: (_key, { type, range }) => {
      if (type?.startsWith('QUOTE') && range?.[1] === fault.pos[0]) offset ??= range[0]
    },
  })
  return offset === undefined ? undefined : { mark: fault.message.includes("'") ? "'" : '"', offset }
}

export type ReadSource =
  | { readonly ok: true; readonly source: ConfigSource }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/**
 * Reads a text that may have all of YAML in it, expands `${NAME}` in it where there is an environment, and keeps the places
 * of its values.
 */
export const readWholeSource = (text: string, file: string, environment: NodeJS.ProcessEnv | undefined): ReadSource => {
  const lines = new LineCounter()
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const faults = [...document.errors, ...document.warnings]
  const quote = openQuote(document)
  if (quote) {
    const message = `not valid YAML: the quote ${quote.mark} that opens here is not closed where it should be`
    return { ok: false, problems: [{ ...at(quote.offset), message }] }
  }
  if (faults.length > 0)
    return {
      ok: false,
      problems: faults
        .slice(0, 20)
        .map(({ pos, message }) => ({ ...at(pos[0]), message: `not valid YAML: ${message}${cureOf(message)}` })),
    }
  const problems: ConfigProblem[] = []
  const expand = (node: Scalar, known: NodeJS.ProcessEnv) => {
    if (typeof node.value !== 'string' || !node.value.includes('${')) return
    const expanded = expandText(node.value, known)
    if (typeof expanded === 'string') node.value = expanded
    else
      problems.push({
        ...at(node.range?.[0] ?? 0),
        message: `the environment has no ${expanded.missing}; set it, or write \${${expanded.missing}:-default}`,
      })
  }
  // A text in quotes may write the dollar sign by its number.
  if (environment && /\$\{|\\/.test(text)) visit(document, { Scalar: (_key, node) => expand(node, environment) })
  if (problems.length > 0) return { ok: false, problems }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: ALIASES })
  } catch (error) {
    return {
      ok: false,
      problems: [{ file, line: 1, column: 1, message: `cannot be read: ${(error as Error).message}` }],
    }
  }
  const nodeAt = (path: Path): Node | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : (document.getIn(path.slice(0, length), true) as Node | undefined)
      if (node && typeof node === 'object' && 'range' in node && node.range) return node as Node
    }
    return undefined
  }
  const offsetOf = (path: Path, key?: string): number => {
    const node = nodeAt(path)
    const ofKey = key === undefined ? undefined : keyRange(node, key)
    return ofKey ?? node?.range?.[0] ?? 0
  }
  return {
    ok: true,
    source: {
      value: value ?? {},
      problem: (path, message, key) => ({ ...at(offsetOf(path, key)), message }),
      origin: (path) => `${file}:${at(offsetOf(path)).line}`,
    },
  }
}
