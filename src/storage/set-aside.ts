import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { withSideFiles } from './private-file.ts'

/** A time as it may stand in a file's name. */
export const stampOf = (at: Date): string => at.toISOString().replace(/[:.]/g, '-')

/** What was set aside of a database earlier, for a reason. */
export const asideOf = (path: string, why: string): readonly string[] =>
  readdirSync(dirname(path)).filter(
    (name) => name.startsWith(`${basename(path)}.${why}-`) && !/-(wal|shm|journal)$/.test(name),
  )

/** Gives a database that is not open, and what belongs to it, a name that tells why it is not used. Returns the name. */
export const setAside = (path: string, why: string, at: Date): string => {
  const aside = `${path}.${why}-${stampOf(at)}`
  const names = withSideFiles(aside)
  for (const [index, one] of withSideFiles(path).entries()) if (existsSync(one)) renameSync(one, names[index]!)
  return aside
}

/** Moves files of a folder, those that there are, into a new one within it. Returns it; undefined where there were none. */
export const moveInto = (folder: string, names: readonly string[], name: string): string | undefined => {
  const present = names.filter((one) => existsSync(join(folder, one)))
  if (present.length === 0) return undefined
  const into = join(folder, name)
  mkdirSync(into, { mode: 0o700 })
  for (const one of present) renameSync(join(folder, one), join(into, one))
  return into
}
