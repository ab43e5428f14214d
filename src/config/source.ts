import { type Document, LineCounter, type Node, parseDocument, type Scalar, visit } from 'yaml'
import { because, type Cause } from '#core/cause/cause.ts'
import type { Language } from '#core/message/message.ts'
import { type Said, says, type Told, toldBy } from '#core/said.ts'
import type { ValueFault } from '#core/value-fault.ts'
import { inBothLanguages, problemSaid } from '#templates/said.ts'
import { expandText } from './env.ts'

/** What is wrong with a file, where (line and column from 1), and what would be right. */
export interface ConfigProblem extends Told {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** `file:line:column: what is wrong, what would be right`, in a language as far as it is said there. */
export const problemTextIn =
  (language: Language) =>
  (problem: ConfigProblem): string => {
    const { file, line, column, message } = problem
    const spanish = language === 'es' ? problem['x-es']?.message : undefined
    return `${file}:${line}:${column}: ${spanish ?? message}`
  }

export const problemText = problemTextIn('en')

export type Path = readonly (string | number)[]

/** A parsed file that knows where each value stands. */
export interface ConfigSource {
  readonly value: unknown
  /**
   * A problem at the value of a path, or at its key where `key` is set. `what` begins with the name of its field; `told` says it
   * to who has the field before his eyes.
   */
  problem(path: Path, what: string | Cause, key?: string, told?: ValueFault | Said): ConfigProblem
  /** `file:line` of a value. */
  origin(path: Path): string
}

const ALIASES = 1000

const keyRange = (node: unknown, key: string): number | undefined => {
  const items = (node as { items?: readonly { key?: { value?: unknown; range?: readonly number[] } }[] })?.items ?? []
  return items.find((item) => item.key?.value === key)?.key?.range?.[0]
}

/** What a file says of a problem: the English of it, and the Spanish where there is some. */
export const saidInFile = (
  what: string | Cause,
  field: string,
  told?: ValueFault | Said,
): Pick<ConfigProblem, 'message' | 'x-es'> => {
  if (typeof what !== 'string') return problemSaid(what)
  const spanish = told && inBothLanguages({ message: what, ...toldBy(told) })['x-es']?.message
  return spanish === undefined ? { message: what } : says(what, field === '' ? spanish : `${field}: ${spanish}`)
}

/** The name of the field that a path leads to. */
export const fieldOf = (path: Path): string => String(path.findLast((part) => typeof part === 'string') ?? '')

/** YAML reads an operator without quotes as a tag, an anchor or a folded text. */
const notYaml = (words: string): Cause =>
  because(/^Unresolved tag: !/.test(words) ? 'yaml_operator_unquoted' : 'yaml_invalid', { words })

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
    const cause = because('yaml_quote_open', { mark: quote.mark })
    return { ok: false, problems: [{ ...at(quote.offset), ...problemSaid(cause) }] }
  }
  if (faults.length > 0)
    return {
      ok: false,
      problems: faults.slice(0, 20).map(({ pos, message }) => ({ ...at(pos[0]), ...problemSaid(notYaml(message)) })),
    }
  const problems: ConfigProblem[] = []
  const expand = (node: Scalar, known: NodeJS.ProcessEnv) => {
    if (typeof node.value !== 'string' || !node.value.includes('${')) return
    const expanded = expandText(node.value, known)
    if (typeof expanded === 'string') node.value = expanded
    else
      problems.push({
        ...at(node.range?.[0] ?? 0),
        ...problemSaid(
          because('environment_lacks', { name: expanded.missing, example: `\${${expanded.missing}:-default}` }),
        ),
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
      problems: [
        { file, line: 1, column: 1, ...problemSaid(because('file_unread', { error: (error as Error).message })) },
      ],
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
      problem: (path, what, key, told) => ({
        ...at(offsetOf(path, key)),
        ...saidInFile(what, key ?? fieldOf(path), told),
      }),
      origin: (path) => `${file}:${at(offsetOf(path)).line}`,
    },
  }
}
