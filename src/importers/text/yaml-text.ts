import { LineCounter, type Node, parseDocument } from 'yaml'
import { because } from '#core/cause/cause.ts'
import { SourceError } from '../import-plan.ts'
import type { SourceFile } from '../source.ts'

/** A YAML text as a value that knows in which line each part of it begins. */
export interface YamlText {
  readonly value: unknown
  lineOf(path: readonly (string | number)[]): number
}

const LARGEST = 16 * 1024 * 1024
/** Names that stand for others may make much of little: so many and no more. */
const ALIASES = 200

/** Reads a YAML text. Throws SourceError for what is none, is too large, or would become too large. */
export const readYaml = (file: SourceFile): YamlText => {
  const refuse = (why: string, line: number) =>
    new SourceError({ file: file.name, line }, because('import_bad_yaml', { why }))
  if (file.size > LARGEST)
    throw new SourceError(
      { file: file.name },
      because('import_too_large', { size: `${Math.ceil(file.size / 1024 / 1024)} MB`, most: '16 MB' }),
    )
  const lines = new LineCounter()
  const document = parseDocument(file.text(), { lineCounter: lines, prettyErrors: false, merge: true })
  const [fault] = document.errors
  if (fault) throw refuse(fault.message, lines.linePos(fault.pos[0]).line)
  const contentOf = () => {
    try {
      return document.toJS({ maxAliasCount: ALIASES }) as unknown
    } catch (error) {
      throw refuse((error as Error).message, 1)
    }
  }
  return {
    value: contentOf(),
    lineOf: (path) => {
      for (let length = path.length; length >= 0; length--) {
        const node =
          length === 0 ? document.contents : (document.getIn(path.slice(0, length), true) as Node | undefined)
        const start = node && typeof node === 'object' && 'range' in node ? node.range?.[0] : undefined
        if (start !== undefined) return Math.max(1, lines.linePos(start).line)
      }
      return 1
    },
  }
}
