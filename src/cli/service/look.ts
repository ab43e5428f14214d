import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { MARK } from './files.ts'

/** The unit shuts its service out of these (`ProtectHome`, `PrivateTmp`). */
const SHUT = ['/home', '/root', '/run/user', '/tmp', '/var/tmp']

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

const parents = (path: string): readonly string[] => {
  const parent = dirname(path)
  return parent === path ? [path] : [...parents(parent), path]
}

/**
 * Why an account of its own could not get to what stands, or is to stand, at these absolute paths; undefined when it can.
 * Most often it was installed in somebody's own folder.
 */
export const unreachable = (paths: readonly string[]): string | undefined => {
  for (const path of paths.map((one) => resolve(one))) {
    const shut = SHUT.find((folder) => isBelow(path, folder))
    if (shut !== undefined) return `${path} is below ${shut}, which a service does not see`
    const closed = parents(dirname(path)).find((folder) => existsSync(folder) && (statSync(folder).mode & 0o001) === 0)
    if (closed !== undefined) return `${path} is below ${closed}, which only its owner may enter`
  }
  return undefined
}

/** Which of these files are there and were not written by us. */
export const foreignFiles = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => {
    try {
      return !readFileSync(path, 'utf8').startsWith(MARK)
    } catch {
      return false
    }
  })
