/** One line of a list, and the monitor that it would make. */
export interface ListLine {
  readonly line: number
  readonly text: string
  readonly entry: Readonly<Record<string, unknown>>
}

export const MOST_LINES = 1000
const LABEL_NAME = /[^A-Za-z0-9_]+/g
/** Columns of a CSV file that are fields of a monitor; any other column is a label. */
const FIELDS = new Set(['name', 'target', 'interval', 'description', 'location', 'runbook', 'severity'])
const TARGET_NAMES = new Set(['target', 'host', 'ip', 'address', 'url', 'hostname', 'direccion', 'destino'])
const NAME_NAMES = new Set(['name', 'nombre'])

/** Cells of one line: quotes as in RFC 4180. */
const cellsOf = (line: string, separator: string): readonly string[] => {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const one = line[at]!
    if (quoted) {
      if (one !== '"') cell += one
      else if (line[at + 1] === '"') cell += line[++at]
      else quoted = false
    } else if (one === '"' && cell.trim() === '') {
      cell = ''
      quoted = true
    } else if (one === separator) {
      cells.push(cell.trim())
      cell = ''
    } else cell += one
  }
  return [...cells, cell.trim()]
}

const separatorOf = (line: string): string => [';', '\t', ','].find((one) => line.includes(one)) ?? ','

const columnOf = (heading: string): string => {
  const name = heading.toLowerCase()
  if (TARGET_NAMES.has(name)) return 'target'
  return NAME_NAMES.has(name) ? 'name' : name
}

const entryOf = (columns: readonly string[], cells: readonly string[], common: Labels): ListLine['entry'] => {
  const fields: Record<string, string> = {}
  const labels: Record<string, string> = { ...common }
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? ''
    if (cell === '') continue
    if (FIELDS.has(column)) fields[column] = cell
    else labels[column.replace(LABEL_NAME, '_').replace(/^(?=\d)/, '_')] = cell
  }
  return { name: fields.target ?? '', ...fields, ...(Object.keys(labels).length > 0 && { labels }) }
}

type Labels = Readonly<Record<string, string>>

/**
 * Reads a pasted list: one target a line, `name,target`, or CSV under a header that names a target column. Lines that
 * are empty or begin with # are passed over. What a target means, the server decides.
 */
export const parseList = (text: string, common: Labels = {}): readonly ListLine[] => {
  const lines = text.split(/\r\n|\r|\n/).map((line, index) => ({ line: index + 1, text: line.trim() }))
  const filled = lines.filter((one) => one.text !== '' && !one.text.startsWith('#'))
  const [first] = filled
  if (!first) return []
  const separator = separatorOf(first.text)
  const heading = cellsOf(first.text, separator).map(columnOf)
  const headed = heading.includes('target')
  return filled.slice(headed ? 1 : 0).map((one) => {
    const cells = cellsOf(one.text, headed ? separator : separatorOf(one.text))
    const columns = headed ? heading : cells.length === 1 ? ['target'] : ['name', 'target']
    return { ...one, entry: entryOf(columns, cells, common) }
  })
}

/** `site=POP-07, type=access` as labels; what is none is passed over. */
export const parseLabels = (text: string): Labels =>
  Object.fromEntries(
    text
      .split(/[,\s]+/)
      .map((one) => one.split('='))
      .filter(
        (pair): pair is [string, string] => pair.length === 2 && /^[A-Za-z_]\w*$/.test(pair[0]!) && pair[1] !== '',
      ),
  )
