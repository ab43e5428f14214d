import type { Stats } from 'node:fs'
import { glob, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { SilentReason } from '#core/event/silent-log.ts'
import { liveName } from './log-family.ts'

/** Why a path or pattern names no log. */
export type NoLogs = Extract<SilentReason, 'absent' | 'no_match' | 'empty_folder' | 'folder'>

export interface LiveLogs {
  /** The live files, in the order of their names; rotated files count for the log that they came from. */
  readonly logs: readonly string[]
  readonly none?: NoLogs
}

/** Logs of one pattern; a pattern that matches more is surely a mistake. */
const MOST_LOGS = 1000

const isPattern = (path: string): boolean => /[*?[{]/.test(path)

const look = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined)

/** The logs of a folder, where folders are looked into: files whose names have `.log` in them and are accepted. */
const logsIn = async (folder: string, accepts: (name: string) => boolean): Promise<readonly string[]> => {
  const names = await readdir(folder).catch(() => [])
  const live = names.filter((name) => name.includes('.log') && !name.startsWith('.')).map(liveName)
  return [...new Set(live)].filter(accepts).map((name) => join(folder, name))
}

export interface FindOptions {
  /** Looks into folders, for logs of such names; absent: a folder is no log. */
  readonly inFolders?: ((name: string) => boolean) | undefined
}

/** The live files of the logs that a path, a pattern or a folder names now, or why there are none. */
export const findLiveLogs = async (path: string, { inFolders }: FindOptions = {}): Promise<LiveLogs> => {
  if (!isPattern(path)) {
    const there = await look(path)
    if (!there?.isDirectory()) return there ? { logs: [path] } : { logs: [path], none: 'absent' }
    if (!inFolders) return { logs: [], none: 'folder' }
    const logs = [...(await logsIn(path, inFolders))].sort()
    return logs.length > 0 ? { logs } : { logs, none: 'empty_folder' }
  }
  const logs = new Set<string>()
  let folders = 0
  for await (const found of glob(path)) {
    if (logs.size >= MOST_LOGS) break
    const isFolder = (await look(found))?.isDirectory() === true
    if (isFolder) folders++
    const names = isFolder
      ? inFolders
        ? await logsIn(found, inFolders)
        : []
      : [join(dirname(found), liveName(basename(found)))]
    for (const name of names) logs.add(name)
  }
  if (logs.size > 0) return { logs: [...logs].sort() }
  return { logs: [], none: folders === 0 ? 'no_match' : inFolders ? 'empty_folder' : 'folder' }
}
