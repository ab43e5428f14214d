import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { createLogReader } from '#sources/fail2ban/log-reader.ts'
import { createLogFollower } from '#sources/tail/follow-log.ts'
import { createMemoryPositions } from '../test/fixtures/memory-positions.ts'
import type { Benchmark, Row } from './row.ts'

const LINES = 500_000
const TARGET = 100_000
const START = Date.parse('2026-11-20T00:00:00Z')

const logLine = (index: number): string => {
  const time = new Date(START + index * 100).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')
  const ip = `203.0.${(index >> 8) & 255}.${index & 255}`
  if (index % 10 === 9)
    return `${time} fail2ban.actions        [4711]: NOTICE  [sshd] ${index % 20 === 9 ? 'Ban' : 'Unban'} ${ip}`
  return `${time} fail2ban.filter         [4711]: INFO    [sshd] Found ${ip} - ${time.slice(0, 19)}`
}

/** Lines for each second of processor time, of all threads of this process. */
const rateOf = async (work: () => Promise<number>): Promise<number> => {
  const before = process.cpuUsage()
  const lines = await work()
  const { user, system } = process.cpuUsage(before)
  return Math.round(lines / ((user + system) / 1e6))
}

const follow = async (path: string, onLines: (lines: readonly string[]) => void): Promise<number> => {
  let count = 0
  const follower = createLogFollower(path, {
    positions: createMemoryPositions(),
    wall: Date.now,
    from: 'archives',
    signal: new AbortController().signal,
    onLines: async ({ lines }) => {
      count += lines.length
      onLines(lines)
      return undefined
    },
  })
  await follower.scan()
  await follower.close()
  return count
}

const readLines = async (path: string): Promise<number> => {
  let count = 0
  for await (const _line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    count++
  return count
}

const row = (name: string, what: string, ours: number, peer: number | null = null): Row => ({
  name,
  what,
  unit: 'lines/s',
  ours,
  peer,
  peer_name: peer === null ? null : 'node:readline',
  ratio: peer === null ? null : ours / peer,
  target: `>= ${TARGET} lines/s`,
  holds: ours >= TARGET,
  n: LINES,
})

/** Following logs: lines for each second of processor time. */
export const benchmark: Benchmark = {
  names: ['follow.plain', 'follow.gzip', 'follow.fail2ban'],
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-follow-'))
    try {
      const text = Array.from({ length: LINES }, (_, index) => `${logLine(index)}\n`).join('')
      const plain = join(folder, 'plain.log')
      writeFileSync(plain, text)
      writeFileSync(join(folder, 'packed.log.1.gz'), gzipSync(text))
      const reader = createLogReader({ timeZone: 'UTC' })
      return [
        row(
          'follow.plain',
          'follow a log',
          await rateOf(() => follow(plain, () => {})),
          await rateOf(() => readLines(plain)),
        ),
        row(
          'follow.gzip',
          'read a rotated log, gzip',
          await rateOf(() => follow(join(folder, 'packed.log'), () => {})),
        ),
        row(
          'follow.fail2ban',
          "follow and read fail2ban's log",
          await rateOf(() => follow(plain, (lines) => reader.read(lines))),
        ),
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
