import { readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { lazily } from '#lib/run/lazily.ts'

/** Days, times of a day, and both as Zeek writes them by itself: `26-11-20_13.00.00`. */
const DATE = String.raw`\d{8}(?:[-.]\d+)?|(?:\d\d)?\d\d-\d\d-\d\d[\d_:T.-]*|\d\d:\d\d:\d\d-\d\d:\d\d:\d\d`
const COUNTER = String.raw`\d{1,4}`
/** `.1`, `-20261120`, `.2026-11-20` behind the name, or before its extension; there `-1` tells logs apart. */
const BEHIND = new RegExp(`^[.-](${COUNTER}|${DATE})$`)
const BEFORE_EXTENSION = new RegExp(`^(.+?)(?:[.-](?=${DATE})|\\.)(${COUNTER}|${DATE})(\\.[a-z]+)$`)
const AT_END = new RegExp(`^(.+?)[.-](${COUNTER}|${DATE})$`)
const COUNTED = new RegExp(`^${COUNTER}$`)

/** What packers put behind a name; only gzip's is read, the others are known for what they are. */
const PACKED = /\.(?:gz|xz|bz2|zst|lz4|zip)$/

const unpackedName = (name: string): string => name.replace(PACKED, '')

/** The name of the live file that a rotated file comes from: `auth.log` for `auth.log.2.gz` and `auth-20261120.log`. */
export const liveName = (name: string): string => {
  const plain = unpackedName(name)
  const [, stem, , extension] = BEFORE_EXTENSION.exec(plain) ?? []
  return stem === undefined ? (AT_END.exec(plain)?.[1] ?? plain) : stem + extension!
}

/** What rotation added to the live file's name; empty for itself, undefined for a file of another log. */
export const rotationOf = (name: string, live: string): string | undefined => {
  const plain = unpackedName(name)
  if (plain === live) return ''
  const behind = plain.startsWith(live) ? BEHIND.exec(plain.slice(live.length)) : null
  if (behind) return behind[1]!
  const [, stem, date, extension] = BEFORE_EXTENSION.exec(plain) ?? []
  return stem !== undefined && extension === extname(live) && stem + extension === live ? date! : undefined
}

const natural = lazily(() => new Intl.Collator('en', { numeric: true }))

/**
 * Orders what rotation added, oldest first: counters fall (`2` is older than `1`), dates rise. Dates come before counters,
 * as they do after a change of the rotation's style.
 */
export const byAge = (a: string, b: string): number => {
  const [counted, other] = [COUNTED.test(a), COUNTED.test(b)]
  if (counted !== other) return counted ? 1 : -1
  return counted ? Number(b) - Number(a) : natural().compare(a, b)
}

/**
 * The files beside `path` that rotation made of it, oldest first, and itself last. A compressed copy that stands beside its
 * original is left out: it is being written. That is no more than likely: while files move, a listing may show a name that
 * stands for what another one has already left, or leave one out. Empty when the folder does not exist; throws when it cannot be read.
 */
export const listFamily = async (path: string): Promise<readonly string[]> => {
  const [folder, live] = [dirname(path), basename(path)]
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const present = new Set(names)
  const rotated = names.flatMap((name) => {
    const added = rotationOf(name, live)
    const unfinished = PACKED.test(name) && present.has(unpackedName(name))
    return added === undefined || name === live || unfinished ? [] : [{ name, added }]
  })
  const archives = rotated.sort((a, b) => byAge(a.added, b.added) || natural().compare(a.name, b.name))
  return [...archives.map(({ name }) => name), ...(present.has(live) ? [live] : [])].map((name) => join(folder, name))
}
