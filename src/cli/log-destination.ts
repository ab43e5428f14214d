import { pino } from 'pino'
import { printableJson } from '#lib/text/one-line.ts'
import { systemTimers } from '#lib/time/timers.ts'

/** Lines that wait for a log that takes none; later ones are lost. */
const WAITING_BYTES = 1024 * 1024
const AGAIN_AFTER_MS = 200

/**
 * Where commands log to: stderr, at once. What came from outside drives no terminal that shows it. A log that takes
 * nothing (a full disk, a reader that stands still or has gone) costs lines, and neither ends nor stops who writes it.
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
  return { write: (line) => void stderr.write(printableJson(line)) }
}
