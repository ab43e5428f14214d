import type { ImportPlan, ReadingContext } from './import-plan.ts'
import type { Source, SourceFile } from './source.ts'

/**
 * A format of another tool: recognised by what a file holds, read to a plan. A reader changes nothing, anywhere; what is
 * wrong with a file as a whole it throws as a SourceError. It becomes one by a line in `importers/index.ts`.
 *
 * @example
 * export const hostsFile = defineImporter({
 *   kind: 'hosts',
 *   title: 'A hosts file',
 *   recognises: (file) => /^127\.0\.0\.1\s+localhost/m.test(file.text()),
 *   read: (_, file) => ({
 *     kind: 'hosts',
 *     tool: 'hosts',
 *     monitors: file.text().split('\n').flatMap((line, index) => {
 *       const [, address, name] = /^(\S+)\s+(\S+)/.exec(line) ?? []
 *       const place = { file: file.name, line: index + 1 }
 *       return address && name ? [{ key: name, place, entry: { name, target: address } }] : []
 *     }),
 *   }),
 * })
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
