import { basename, dirname, relative, resolve } from 'node:path'
import { findLogs } from '#sources/find-logs.ts'
import { CommandError } from '../command.ts'

/** The logs of connections of one network and stretch of time: a folder that holds some, or a file that was named. */
export interface Capture {
  readonly name: string
  readonly files: readonly string[]
}

/** True for logs of connections by their names; other logs of Zeek stand beside them. */
const isConnLog = (path: string): boolean => /conn/i.test(basename(path))

/** The captures at or below the given paths. Throws a sentence where there is none. */
export const findCaptures = async (paths: readonly string[]): Promise<readonly Capture[]> => {
  const captures = new Map<string, string[]>()
  for (const path of paths) {
    const { files, missing } = await findLogs([path])
    if (missing.length > 0) throw new CommandError(missing.map((one) => `${one.path}: ${one.reason}`).join('\n'))
    const [only] = files
    const single = files.length === 1 && resolve(only!.path) === resolve(path)
    for (const file of files) {
      if (!single && !isConnLog(file.path)) continue
      const folder = relative(resolve(path), resolve(dirname(file.path)))
      const name = single ? basename(path) : folder === '' ? basename(resolve(path)) : folder
      captures.set(name, [...(captures.get(name) ?? []), file.path])
    }
  }
  if (captures.size === 0)
    throw new CommandError(`${paths.join(', ')}: no conn.log there; name folders that hold Zeek's logs of connections`)
  return [...captures].map(([name, files]) => ({ name, files: files.sort() }))
}
