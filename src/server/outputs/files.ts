import { appendFileSync, chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file that only grows is set aside at this size, in place of the one before. */
const LARGEST_BYTES = 10 * 1024 * 1024
/** What others read as well. */
const MODE = 0o644

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Adds lines to a file; `head` begins a new one. Throws what the system says. */
export const append = (path: string, lines: string, head = ''): void => {
  mkdirSync(dirname(path), { recursive: true })
  const size = sizeOf(path)
  if (size > LARGEST_BYTES) renameSync(path, `${path}.1`)
  const isNew = size === 0 || size > LARGEST_BYTES
  appendFileSync(path, isNew ? head + lines : lines)
  if (isNew) chmodSync(path, MODE)
}

/** Puts a text in the place of a file in one step: who reads it sees the old one or the new one. */
export const replace = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  const written = `${path}.new`
  writeFileSync(written, text)
  chmodSync(written, MODE)
  renameSync(written, path)
}

/** Leaves the newest files whose names fit; `order` makes a text of a name by which they are sorted. */
export const keepNewest = (
  folder: string,
  form: RegExp,
  order: (match: RegExpExecArray) => string,
  kept: number,
): void => {
  const names = readdirSync(folder).flatMap((name) => {
    const match = form.exec(name)
    return match ? [{ name, key: order(match) }] : []
  })
  for (const { name } of names.sort((a, b) => (a.key < b.key ? 1 : -1)).slice(kept)) rmSync(join(folder, name))
}
