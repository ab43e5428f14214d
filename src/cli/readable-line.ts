import { isObject } from '#lib/json.ts'
import { printable } from '#lib/text/one-line.ts'

/** For whom a line is written. */
export type LogReader = 'terminal' | 'journal'

/** By pino's numbers: the word, and the priority by which the journal files it. */
const LEVELS: Readonly<Record<number, readonly [word: string, priority: number]>> = {
  10: ['trace', 7],
  20: ['debug', 7],
  30: ['info', 6],
  40: ['warning', 4],
  50: ['error', 3],
  60: ['fatal', 2],
}

/** Those that stand in the line already, or say nothing to people. */
const OWN = new Set(['level', 'time', 'msg', 'err', 'link', 'pid', 'hostname', 'v'])

const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return /[\s"=]/.test(text) || text === '' ? JSON.stringify(text) : text
}

const clockOf = (time: unknown): string => (typeof time === 'string' ? time.slice(11, 19) : '')

/** Where an error came from, for who looks after the program; each line by itself. */
const stackOf = (error: unknown): readonly string[] => {
  if (!isObject(error)) return []
  const { message, stack, type } = error
  const lines = typeof stack === 'string' ? stack.split('\n').slice(1) : []
  return [`    ${[type, message].filter((part) => typeof part === 'string').join(': ')}`, ...lines]
}

/**
 * A line of the log as people read it: the clock (UTC, which the journal has itself), how grave it is, what happened, and
 * its facts. A link stands alone, so that a double click takes it and nothing else. What is no line of ours stays as it is.
 */
export const readableLine = (line: string, reader: LogReader): string => {
  let read: unknown
  try {
    read = JSON.parse(line)
  } catch {
    return line
  }
  if (!isObject(read)) return line
  const { level, time, msg, err, link } = read
  const [word, priority] = LEVELS[Number(level)] ?? LEVELS[30]!
  const facts = Object.entries(read)
    .filter(([name]) => !OWN.has(name))
    .map(([name, value]) => `${name}=${textOf(value)}`)
  const [said = '', ...further] = String(msg ?? '').split('\n')
  const head = [reader === 'terminal' && clockOf(time), word.padEnd(7), said, ...facts].filter(Boolean).join(' ')
  const lines = [head.trimEnd(), ...further, ...stackOf(err)]
  if (typeof link === 'string') lines.push(...(reader === 'terminal' ? ['', link, ''] : [link]))
  const prefix = reader === 'journal' ? `<${priority}>` : ''
  return lines.map((one) => `${prefix}${printable(one)}\n`).join('')
}
