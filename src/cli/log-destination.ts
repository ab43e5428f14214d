import { fstatSync } from 'node:fs'
import { isatty } from 'node:tty'
import { pino } from 'pino'
import { printableJson } from '#lib/text/one-line.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { type LogReader, readableLine } from './readable-line.ts'

/** Lines that wait for a log that takes none; later ones are lost. */
const WAITING_BYTES = 1024 * 1024
const AGAIN_AFTER_MS = 200

/** Whether the journal reads this very stream: systemd says which one it gave a service. */
const isJournal = (named: string | undefined): boolean => {
  if (named === undefined) return false
  try {
    const { dev, ino } = fstatSync(2)
    return named === `${dev}:${ino}`
  } catch {
    return false
  }
}

/** Who reads stderr, if it is people: a terminal, or the journal; `LOG_FORMAT` (`json` or `text`) is above both. */
const readerOf = ({ LOG_FORMAT: format, JOURNAL_STREAM: journal }: NodeJS.ProcessEnv): LogReader | undefined => {
  if (format === 'json') return undefined
  if (isJournal(journal)) return 'journal'
  return format === 'text' || isatty(2) ? 'terminal' : undefined
}

/**
 * Where commands log to: stderr, at once. What came from outside drives no terminal that shows it. A log that takes
 * nothing (a full disk, a reader that stands still or has gone) costs lines, and neither ends nor stops who writes it. People
 * read lines of text, programs lines of JSON.
 */
export const logDestination = (): { write(line: string): void } => {
  const stderr = pino.destination({ fd: 2, sync: true, maxLength: WAITING_BYTES, retryEAGAIN: () => false })
  let waits = false
  stderr.on('error', () => {
    if (waits) return
    waits = true
    const again = systemTimers.after(AGAIN_AFTER_MS, () => {
      waits = false
      stderr.write('')
    })
    again.unref()
  })
  const reader = readerOf(process.env)
  return { write: (line) => void stderr.write(reader ? readableLine(line, reader) : printableJson(line)) }
}
