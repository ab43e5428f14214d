import { because } from '#core/cause/cause.ts'
import { type Left, type Place, SourceError } from '../import-plan.ts'
import type { Source, SourceFile } from '../source.ts'
import { shortened } from '../text/lines.ts'

/** A section of a SmokePing configuration: its own values, and the sections below it. */
export interface SmokeSection {
  readonly name: string
  readonly place: Place
  readonly values: Map<string, string>
  readonly below: SmokeSection[]
}

export interface SmokeConfig {
  /** Sections by the name between stars. */
  readonly sections: ReadonlyMap<string, SmokeSection>
  readonly left: readonly Left[]
}

const DEEPEST_INCLUDE = 20
const DEEPEST_SECTION = 50

/** A file that another one includes: by its whole path, else by as much of its end as lies in the folder that was given. */
const included = (source: Source, name: string, from: SourceFile): SourceFile | undefined => {
  const parts = name.split('/').filter((part) => part !== '')
  const tails = parts.map((_, index) => parts.slice(index).join('/'))
  for (const one of [name, ...tails]) {
    const found = source.file(one, from) ?? source.file(one)
    if (found) return found
  }
  return undefined
}

interface Line {
  readonly text: string
  readonly file: SourceFile
  readonly line: number
}

/** Lines of a file, with those that a backslash joins as one. */
const linesOf = function* (file: SourceFile): Generator<Line> {
  let joined = ''
  let began = 0
  for (const [index, written] of file.text().split('\n').entries()) {
    if (joined === '') began = index + 1
    const text = joined === '' ? written : `${joined} ${written.trim()}`
    if (text.trimStart().startsWith('#')) {
      joined = ''
      continue
    }
    if (text.endsWith('\\')) {
      joined = text.slice(0, -1).trimEnd() || ' '
      continue
    }
    joined = ''
    yield { text: text.trim(), file, line: began }
  }
  if (joined.trim() !== '') yield { text: joined.trim(), file, line: began }
}

/** Reads a configuration with all that it includes. Throws SourceError where its shape is none. */
export const readSmokeConfig = (source: Source, main: SourceFile): SmokeConfig => {
  const sections = new Map<string, SmokeSection>()
  const left: Left[] = []
  const defined = new Map<string, string>()
  /** The section in force, and those above it by their depth. */
  let above: SmokeSection[] = []

  const refuse = ({ file, line }: Line, why: string) =>
    new SourceError({ file: file.name, line }, because('import_bad_syntax', { why }))

  const include = (name: string, line: Line, trail: readonly string[]) => {
    const place = { file: line.file.name, line: line.line }
    const file = included(source, name, line.file)
    if (!file) left.push({ what: '@include', place, why: because('import_file_missing', { file: name }) })
    else if (trail.includes(file.path) || trail.length > DEEPEST_INCLUDE) throw refuse(line, `${name} includes itself`)
    else read(file, [...trail, file.path])
  }

  const begin = (depth: number, name: string, line: Line) => {
    if (above.length < depth) throw refuse(line, `a section of depth ${depth} has none above it`)
    if (depth > DEEPEST_SECTION) throw refuse(line, `more than ${DEEPEST_SECTION} sections within one another`)
    const section = {
      name,
      place: { file: line.file.name, line: line.line },
      values: new Map<string, string>(),
      below: [],
    }
    above = above.slice(0, depth)
    above.at(-1)?.below.push(section)
    above.push(section)
  }

  const take = (line: Line, trail: readonly string[]) => {
    const { text } = line
    if (text === '') return
    const [, directive, rest = ''] = /^@(\w+)\s+(.*)$/.exec(text) ?? []
    if (directive === 'include') return include(rest.trim(), line, trail)
    if (directive === 'define') {
      const [, name = '', value = ''] = /^(\S+)\s*(.*)$/.exec(rest) ?? []
      defined.set(name, value)
      return
    }
    const star = /^\*\*\*\s*(.+?)\s*\*\*\*$/.exec(text)
    if (star) {
      const place = { file: line.file.name, line: line.line }
      const section = sections.get(star[1]!) ?? { name: star[1]!, place, values: new Map<string, string>(), below: [] }
      sections.set(star[1]!, section)
      above = [section]
      return
    }
    const plus = /^(\++)\s*(\S.*)$/.exec(text)
    if (plus) return begin(plus[1]!.length, plus[2]!.trim(), line)
    const value = /^([A-Za-z_][\w./-]*)\s*=\s*(.*)$/.exec(text)
    const section = above.at(-1)
    if (value && section) section.values.set(value[1]!, defined.get(value[2]!) ?? value[2]!)
    // Tables of a section, as Presentation has them, say nothing of what is watched.
    else if (section && ['Targets', 'Alerts', 'Probes'].includes(above[0]!.name))
      left.push({
        what: above[0]!.name,
        place: { file: line.file.name, line: line.line },
        why: because('import_line_unread', { text: shortened(text) }),
      })
  }

  const read = (file: SourceFile, trail: readonly string[]) => {
    for (const line of linesOf(file)) take(line, trail)
  }
  read(main, [main.path])
  return { sections, left }
}
