import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Timer } from '#lib/time/timers.ts'
import type { Timing } from '#lib/time/timing.ts'

/** What was found out of one name. */
export interface KnownAddresses {
  /** Version and name, as the memory keeps them: `0 web.example`. */
  readonly key: string
  /** When it was found, ms since the epoch. */
  readonly foundAt: number
  readonly addresses: readonly string[]
}

/** Last known addresses in a file: a start while nobody answers for names finds them there. */
export interface AddressBook {
  /** What the file holds that is no older than `oldestMs`; nothing where there is none. What is damaged is left out. */
  read(oldestMs: number): readonly KnownAddresses[]
  /** Something was found: it is written soon where it is new, later where it is other, else from time to time. */
  found(before: readonly string[] | undefined, addresses: readonly string[]): void
  /** Writes what is yet to be written. */
  close(): void
}

const WRITE_AFTER_MS = { new: 30_000, other: 1_800_000, same: 6 * 3_600_000 } as const
const LARGEST = 32 * 1024 * 1024
/** Rows that are made at once: nothing waits for a whole file. */
const ROWS_AT_ONCE = 500
const PRIVATE = 0o600

const areSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one))

const readLine = (line: string): KnownAddresses | undefined => {
  try {
    const [key, foundAt, addresses] = JSON.parse(line)
    const sound =
      typeof key === 'string' &&
      /^[046] \S/.test(key) &&
      Number.isFinite(foundAt) &&
      Array.isArray(addresses) &&
      addresses.length > 0 &&
      addresses.every((one) => typeof one === 'string' && isIP(one.split('%')[0]!) !== 0)
    return sound ? { key, foundAt, addresses } : undefined
  } catch {
    return undefined
  }
}

const lineOf = ({ key, foundAt, addresses }: KnownAddresses): string =>
  `${JSON.stringify([key, Math.round(foundAt), addresses])}\n`

function* textOf(rows: readonly KnownAddresses[]): Generator<string> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    yield rows
      .slice(from, from + ROWS_AT_ONCE)
      .map(lineOf)
      .join('')
}

export interface AddressBookOptions {
  readonly path: string
  /** Ms since the epoch. */
  readonly now: () => number
  readonly timing: Timing
  /** All that is known at present. */
  readonly known: () => readonly KnownAddresses[]
}

/** Where the file cannot be written, what was known before stays in it: watching goes on. */
export const createAddressBook = ({ path, now, timing, known }: AddressBookOptions): AddressBook => {
  const { monotonic, timers } = timing
  const next = `${path}.new`
  let timer: Timer | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let writing = false
  let closed = false

  const write = async () => {
    dueAt = Number.POSITIVE_INFINITY
    writing = true
    try {
      await rm(next, { force: true })
      await writeFile(next, textOf(known()), { mode: PRIVATE })
      if (!closed) await rename(next, path)
    } catch {
      await rm(next, { force: true }).catch(() => {})
    } finally {
      writing = false
    }
  }

  const writeNow = () => {
    try {
      rmSync(next, { force: true })
      writeFileSync(next, [...textOf(known())].join(''), { mode: PRIVATE })
      renameSync(next, path)
    } catch {
      // A full disk, another owner: the file stays as it was.
    }
  }

  const due = (afterMs: number) => {
    const at = monotonic() + afterMs
    if (closed || at >= dueAt) return
    dueAt = at
    timers.clear(timer)
    timer = timers.after(afterMs, () => void write())
    timer.unref()
  }

  return {
    read: (oldestMs) => {
      try {
        if (statSync(path).size > LARGEST) return []
        const rows = readFileSync(path, 'utf8').split('\n').map(readLine)
        // One of a time to come was found by a clock that was wrong: how old it is nobody knows.
        return rows.filter((row) => row !== undefined && now() - row.foundAt < oldestMs) as KnownAddresses[]
      } catch {
        return []
      }
    },
    found: (before, addresses) =>
      due(!before ? WRITE_AFTER_MS.new : areSame(before, addresses) ? WRITE_AFTER_MS.same : WRITE_AFTER_MS.other),
    close: () => {
      if (closed) return
      closed = true
      timers.clear(timer)
      if (dueAt < Number.POSITIVE_INFINITY || writing) writeNow()
    },
  }
}
