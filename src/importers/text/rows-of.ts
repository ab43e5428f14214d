import { type Cells, readRows } from '#config/csv.ts'
import { because } from '#core/cause/cause.ts'
import { SourceError } from '../import-plan.ts'
import type { SourceFile } from '../source.ts'

const MOST_ROWS = 200_000

/** The rows of a table, with their lines. Throws SourceError for what is none. */
export const rowsOf = (file: SourceFile): readonly Cells[] => {
  const read = readRows(file.text())
  if (!read.ok)
    throw new SourceError({ file: file.name, line: read.line }, because('import_bad_table', { why: read.why }))
  if (read.rows.length > MOST_ROWS)
    throw new SourceError(
      { file: file.name },
      because('import_too_large', { size: `${read.rows.length} rows`, most: String(MOST_ROWS) }),
    )
  return read.rows
}
