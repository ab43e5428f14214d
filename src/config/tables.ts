import type { TableWanted } from '#core/table-wanted.ts'
import { parseDuration } from '#lib/time/duration.ts'
import type { FileContent } from './schema.ts'
import type { ConfigProblem, ConfigSource } from './source.ts'

const EVERY_MS = 600_000
const SHORTEST_MS = 60_000

type Entry = NonNullable<FileContent['tables']>[number]

/** The tables of a file; what is wrong with one stands among the problems. */
export const buildTables = (
  content: Pick<FileContent, 'tables' | 'channels'>,
  { source, problems }: { readonly source: ConfigSource; readonly problems: ConfigProblem[] },
): TableWanted[] => {
  const known = new Set((content.channels ?? []).map(({ name }) => name))
  const names = new Set<string>()
  return (content.tables ?? []).flatMap((entry: Entry, index): TableWanted[] => {
    const wrong = (field: string, message: string) => {
      problems.push(source.problem(['tables', index, field], `${field}: ${message}`))
      return []
    }
    const { name, url, command, every, headers = {}, columns = {}, gone = 'pause', channels = [], ...each } = entry
    if (names.has(name)) return wrong('name', `${name} stands here twice`)
    names.add(name)
    if ((url === undefined) === (command === undefined)) return wrong('name', 'name either url or command')
    const everyMs = every === undefined ? EVERY_MS : parseDuration(every)!
    if (everyMs < SHORTEST_MS) return wrong('every', 'at least 1m')
    const missing = channels.find((one) => !known.has(one))
    if (missing !== undefined) return wrong('channels', `no channel is called ${missing}`)
    const from = url === undefined ? { command: command as [string, ...string[]] } : { url }
    return [{ name, from, everyMs, headers, columns: columns as Record<string, string>, each, channels, gone }]
  })
}
