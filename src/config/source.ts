import { LineCounter, type Node, parseDocument, visit } from 'yaml'
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

const LARGEST_FILE = 16 * 1024 * 1024
const ALIASES = 1000

const keyRange = (node: unknown, key: string): number | undefined => {
  const items = (node as { items?: readonly { key?: { value?: unknown; range?: readonly number[] } }[] })?.items ?? []
  return items.find((item) => item.key?.value === key)?.key?.range?.[0]
}

/** YAML reads an operator without quotes as a tag, an anchor or a folded text. */
const cureOf = (message: string): string =>
  /^Unresolved tag: !/.test(message) ? '; an operator needs quotes, write operator: "!="' : ''

/** Reads YAML (or JSON) text, expands `${NAME}` in it where there is an environment, and keeps the places of its values. */
export const readSource = (
  text: string,
  file: string,
  environment: NodeJS.ProcessEnv | undefined,
):
  | { readonly ok: true; readonly source: ConfigSource }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] } => {
  const lines = new LineCounter()
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  if (text.length > LARGEST_FILE)
    return { ok: false, problems: [{ file, line: 1, column: 1, message: 'the file is larger than 16 MB, split it' }] }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0)
    return {
      ok: false,
      problems: faults
        .slice(0, 20)
        .map(({ pos, message }) => ({ ...at(pos[0]), message: `not valid YAML: ${message}${cureOf(message)}` })),
    }
  const problems: ConfigProblem[] = []
  visit(document, {
    Scalar: (_key, node) => {
      if (!environment || typeof node.value !== 'string' || !node.value.includes('${')) return
      const expanded = expandText(node.value, environment)
      if (typeof expanded === 'string') node.value = expanded
      else
        problems.push({
          ...at(node.range?.[0] ?? 0),
          message: `the environment has no ${expanded.missing}; set it, or write \${${expanded.missing}:-default}`,
        })
    },
  })
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
