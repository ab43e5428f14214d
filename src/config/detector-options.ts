import { readFileSync } from 'node:fs'
import type { DetectorType } from '#core/detector.ts'
import type { JsonObject } from '#lib/json.ts'
import { readSource } from './read-source.ts'
import type { FileContent } from './schema.ts'
import { type ConfigProblem, problemText } from './source.ts'
import { buildZeek, withShared } from './sources.ts'

type Options = Readonly<Record<string, JsonObject>>
type Loaded = { readonly options: Options } | { readonly problems: readonly string[] }

/** Options of detectors as the first Zeek of a file has them, by the detectors' names. Nothing else of it is looked at. */
export const loadDetectorOptions = (path: string, detectorTypes: ReadonlyMap<string, DetectorType>): Loaded => {
  const read = readSource(readFileSync(path, 'utf8'), path, undefined)
  if (!read.ok) return { problems: read.problems.map(problemText) }
  const problems: ConfigProblem[] = []
  const { sources } = read.source.value as FileContent
  const [first] = buildZeek(sources?.zeek, { source: read.source, problems, detectorTypes })
  return problems.length > 0 ? { problems: problems.map(problemText) } : { options: first?.options ?? {} }
}

/** The same with addresses and networks beside them whose traffic every detector expects. */
export const withExpected = (
  options: Options,
  ignore: readonly string[],
  detectorTypes: ReadonlyMap<string, DetectorType>,
): Options => ({ ...options, ...withShared(options, { ignore }, detectorTypes) })
