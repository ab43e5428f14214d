import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BanChange } from '#core/ban/ban.ts'
import { createLocalTime } from '#lib/time/local-time.ts'
import { createLineSplitter } from '../line-splitter.ts'
import { openStored, type ReadHooks } from '../stored-file.ts'
import { liveName } from '../tail/log-family.ts'
import { parseLogLine } from './log-line.ts'
import { createLogReader } from './log-reader.ts'

/** Lines at the beginning of a file that are looked at to know it: a rotated log may begin in the middle of a trace. */
const LOOKED_AT = 100

/** A stored log of fail2ban, by the time of its first line, ms. */
export interface StoredLog {
  readonly path: string
  readonly startMs: number
  readonly bytes: number
}

interface Lines {
  readonly lines: string[]
  tooLong: number
}

const splitterInto = (taken: Lines) =>
  createLineSplitter(
    (bytes, start, end) => taken.lines.push(bytes.toString('utf8', start, end).replace(/\r$/, '')),
    () => {
      taken.tooLong++
    },
  )

/** When a file was written, ms: in the year that lines of syslog leave out. */
const lastWritten = async (path: string): Promise<number> => (await stat(path)).mtimeMs

/** Looks at the beginning of a file; undefined when it is no log of fail2ban, or cannot be read. */
export const findStoredLog = async (
  file: { readonly path: string; readonly bytes: number },
  timeZone: string | undefined,
): Promise<StoredLog | undefined> => {
  const { chunks } = openStored(file.path)
  const taken: Lines = { lines: [], tooLong: 0 }
  try {
    for await (const chunk of chunks) {
      splitterInto(taken).push(chunk)
      break
    }
  } catch {
    // Whoever reads it as something else tells what is wrong with it.
    return undefined
  }
  const timeOf = createLocalTime(timeZone)
  const writtenMs = await lastWritten(file.path)
  for (const line of taken.lines.slice(0, LOOKED_AT)) {
    const parsed = parseLogLine(line, writtenMs)
    const startMs = parsed && timeOf(parsed.time)
    if (startMs !== undefined) return { ...file, startMs }
  }
  return undefined
}

/** Logs that rotation made of one, each list oldest first. */
export const familiesOf = (logs: readonly StoredLog[]): readonly (readonly StoredLog[])[] => [
  ...Map.groupBy(
    logs.toSorted((a, b) => a.startMs - b.startMs || (a.path < b.path ? -1 : 1)),
    ({ path }) => join(dirname(path), liveName(basename(path))),
  ).values(),
]

/** Reads the logs of one fail2ban one after the other, as they were written, and what they say of its bans. */
export async function* readStoredLogs(
  logs: readonly StoredLog[],
  timeZone: string | undefined,
  hooks: ReadHooks = {},
): AsyncGenerator<readonly BanChange[]> {
  let writtenMs = 0
  const reader = createLogReader({ timeZone, now: () => writtenMs })
  for (const { path } of logs) {
    const before = reader.stats()
    writtenMs = await lastWritten(path)
    const file = openStored(path)
    const taken: Lines = { lines: [], tooLong: 0 }
    const splitter = splitterInto(taken)
    let problem: string | undefined
    let bytes = 0
    try {
      for await (const chunk of file.chunks) {
        splitter.push(chunk)
        yield reader.read(taken.lines.splice(0))
        hooks.onBytes?.(file.bytesRead() - bytes)
        bytes = file.bytesRead()
      }
    } catch (error) {
      problem = (error as Error).message
    }
    // What stands behind the last line of a damaged archive is a piece of one, which may read as another line.
    if (problem === undefined) splitter.end()
    yield reader.read(taken.lines.splice(0))
    const { lines, unknown, notAddresses } = reader.stats()
    const reasons = Object.entries({
      'not written by fail2ban': unknown - before.unknown,
      'a ban of what is no address': notAddresses - before.notAddresses,
      'too long': taken.tooLong,
    }).filter(([, count]) => count > 0)
    const bad = reasons.reduce((sum, [, count]) => sum + count, 0)
    const all = lines - before.lines + taken.tooLong
    hooks.onFile?.({
      path,
      kind: 'fail2ban',
      lines: all,
      records: all - bad,
      bad,
      reasons: Object.fromEntries(reasons),
      problem,
    })
  }
  yield reader.settle()
}
