import type { ImportPlan, ReadingContext } from './import-plan.ts'
import type { Source, SourceFile } from './source.ts'

/**
 * A format of another tool: recognised by what a file holds, read to a plan. A reader changes nothing, anywhere; what is
 * wrong with a file as a whole it throws as a SourceError.
 */
export interface Importer {
  /** What `--from` calls it. */
  readonly kind: string
  /** For people: which tool, which file. */
  readonly title: string
  /** Whether it would read this file; asked of each file of a source, so it looks at the beginning alone. */
  readonly recognises: (file: SourceFile, source: Source) => boolean
  /** One of several files that it recognises is read for all of them. */
  readonly together?: boolean
  /** Asked only where nobody else knows anything of the source. */
  readonly last?: boolean
  readonly read: (source: Source, file: SourceFile, context: ReadingContext) => ImportPlan
}

export const defineImporter = (importer: Importer): Importer => importer
