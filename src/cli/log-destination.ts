import { pino } from 'pino'
import { printableJson } from '#lib/one-line.ts'

/** Where commands log to: stderr, at once. What came from outside drives no terminal that shows it. */
export const logDestination = (): { write(line: string): void } => {
  const stderr = pino.destination({ fd: 2, sync: true })
  return { write: (line) => void stderr.write(printableJson(line)) }
}
