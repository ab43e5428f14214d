import { because } from '#core/cause/cause.ts'
import type { Left, Place } from '../import-plan.ts'
import type { SourceFile } from '../source.ts'
import { shortened } from '../text/lines.ts'

/** One `define` block: its directives, and where it stands. */
export interface NagiosObject {
  readonly kind: string
  readonly place: Place
  readonly values: ReadonlyMap<string, string>
}

/** The cache that Nagios writes looks like configuration and is none: semicolons are bare there. */
const isCache = (text: string): boolean => /^#+\s*NAGIOS OBJECT CACHE FILE/m.test(text.slice(0, 500))

/** What stands on a line: `;` begins a remark wherever it stands, but for `\;`. */
const plainLine = (line: string): string =>
  line.trimStart().startsWith('#')
    ? ''
    : line
        .replace(/(?<!\\);.*$/, '')
        .replaceAll('\\;', ';')
        .trim()

/** Reads the blocks of a file, as Nagios does. */
export const readObjects = (
  file: SourceFile,
): { readonly objects: readonly NagiosObject[]; readonly left: readonly Left[] } => {
  const objects: NagiosObject[] = []
  const left: Left[] = []
  const text = file.text()
  const cache = isCache(text)
  let open: { kind: string; line: number; values: Map<string, string> } | undefined
  let joined = ''
  for (const [index, written] of text.split('\n').entries()) {
    const whole = joined + written
    if (!cache && written.endsWith('\\') && !written.endsWith('\\\\')) {
      joined = whole.slice(0, -1)
      continue
    }
    joined = ''
    const line = cache ? whole.trim() : plainLine(whole)
    if (line === '') continue
    const begins = /^define\s+(\w+)\s*\{?\s*(.*)$/.exec(line)
    if (begins) {
      open = { kind: begins[1]!, line: index + 1, values: new Map() }
      continue
    }
    if (line === '{') continue
    if (!open) continue
    if (line === '}') {
      const { kind, line: at, values } = open
      objects.push({ kind, place: { file: file.name, line: at }, values })
      open = undefined
      continue
    }
    const [, name, value = ''] = /^(\S+)(?:\s+(.*))?$/.exec(line)!
    // Of a directive that stands twice the later one holds.
    open.values.set(name!, value.trim())
  }
  if (open) {
    const why = because('import_line_unread', { text: shortened(`define ${open.kind} {`) })
    left.push({ what: open.kind, place: { file: file.name, line: open.line }, why })
  }
  return { objects, left }
}

const DEEPEST = 20

/**
 * Objects with what their templates hand on: of `use a,b` the first wins and the second fills gaps; `+value` adds to what is
 * inherited; `null` takes away. What is only a template is left out.
 */
export const withTemplates = (objects: readonly NagiosObject[]): NagiosObject[] => {
  const templates = new Map(
    objects.flatMap((one) => {
      const name = one.values.get('name')
      return name === undefined ? [] : [[`${one.kind} ${name}`, one] as const]
    }),
  )
  const whole = (one: NagiosObject, depth: number): Map<string, string> => {
    const values = new Map(one.values)
    if (depth > DEEPEST) return values
    for (const name of (one.values.get('use') ?? '').split(',').map((part) => part.trim())) {
      const template = templates.get(`${one.kind} ${name}`)
      if (!template || template === one) continue
      for (const [key, inherited] of whole(template, depth + 1)) {
        if (key === 'name' || key === 'register' || key === 'use') continue
        const own = values.get(key)
        if (own === undefined) values.set(key, inherited)
        else if (own.startsWith('+')) values.set(key, `${inherited},${own.slice(1)}`)
      }
    }
    return values
  }
  return objects
    .filter(({ values }) => values.get('register') !== '0')
    .map((one) => {
      const values = whole(one, 0)
      for (const [key, value] of values) {
        if (value === 'null' && !key.startsWith('_')) values.delete(key)
        else if (value.startsWith('+')) values.set(key, value.slice(1))
      }
      return { ...one, values }
    })
}

export const listIn = (text: string | undefined): string[] => [
  ...new Set(
    (text ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ),
]
