import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What rotation adds to a name: `.1`, `-20261120`, `.2026-11-20`, `-20261120-1795219200`, each perhaps with `.gz`. */
const ROTATED = /^(.+?)(?:[.-](\d[\d.:_-]*))?(\.gz)?$/

export interface FamilyName {
  /** The name of the live file. */
  readonly base: string
  /** What rotation added; empty for the live file. */
  readonly suffix: string
  readonly compressed: boolean
}

/** Takes the name of a file apart: `auth.log.2.gz` is the second rotation of `auth.log`, compressed. */
export const familyName = (name: string): FamilyName => {
  const [, base = name, suffix = '', gz] = ROTATED.exec(name) ?? []
  return { base, suffix, compressed: gz !== undefined }
}

const isCounter = (suffix: string): boolean => /^\d{1,4}$/.test(suffix)
const natural = new Intl.Collator('en', { numeric: true })

/**
 * Orders the names of one family, oldest first: counters fall (`.2` is older than `.1`), dates rise, the live file is
 * last. Dated names come before counted ones, as they do after a change of the rotation's style.
 */
export const byAge = (a: string, b: string): number => {
  const [one, other] = [familyName(basename(a)), familyName(basename(b))]
  if ((one.suffix === '') !== (other.suffix === '')) return one.suffix === '' && !one.compressed ? 1 : -1
  if (isCounter(one.suffix) !== isCounter(other.suffix)) return isCounter(one.suffix) ? 1 : -1
  if (isCounter(one.suffix)) return Number(other.suffix) - Number(one.suffix)
  return natural.compare(one.suffix, other.suffix) || natural.compare(a, b)
}

/**
 * The files beside `path` that rotation made of it, and itself, oldest first. A compressed copy that stands beside its
 * original is left out: it is being written. Empty when the folder does not exist.
 */
export const listFamily = async (path: string): Promise<readonly string[]> => {
  const folder = dirname(path)
  const live = basename(path)
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const present = new Set(names)
  return names
    .filter((name) => name === live || (name.startsWith(live) && familyName(name).base === live))
    .filter((name) => name === live || !name.endsWith('.gz') || !present.has(name.slice(0, -'.gz'.length)))
    .map((name) => join(folder, name))
    .sort(byAge)
}
