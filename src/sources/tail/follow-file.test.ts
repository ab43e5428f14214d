import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { systemTimers } from '#lib/time/timers.ts'
import { createMemoryPositions } from '../../../test/fixtures/memory-positions.ts'
import { findLiveLogs } from './find-live-logs.ts'
import { followFile } from './follow-file.ts'
import type { LineBatch } from './follow-log.ts'
import { byAge, liveName, rotationOf } from './log-family.ts'

const root = mkdtempSync(join(tmpdir(), 'vigia-follow-file-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** Collects lines until so many have come; the time-out of the test bounds the wait. */
const collector = (wanted: number) => {
  const read: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    read,
    enough: promise,
    onLines: async ({ lines }: LineBatch) => {
      read.push(...lines)
      if (read.length >= wanted) resolve()
      return undefined
    },
  }
}

describe('names of rotated files', () => {
  it('tells the log and what rotation added', () => {
    for (const [name, live, added] of [
      ['fail2ban.log', 'fail2ban.log', ''],
      ['fail2ban.log.2.gz', 'fail2ban.log', '2'],
      ['fail2ban.log-20261120', 'fail2ban.log', '20261120'],
      ['fail2ban.log-20261120-1795219200.gz', 'fail2ban.log', '20261120-1795219200'],
      ['fail2ban-20261120.log', 'fail2ban.log', '20261120'],
      ['app.log.2026-11-20', 'app.log', '2026-11-20'],
      ['conn.23:00:00-00:00:00.log.gz', 'conn.log', '23:00:00-00:00:00'],
      ['conn-26-11-20_13.00.00.log', 'conn.log', '26-11-20_13.00.00'],
      ['conn.2026-11-20-13-00-00.log', 'conn.log', '2026-11-20-13-00-00'],
      ['conn.1.log', 'conn.log', '1'],
    ] as const) {
      assert.equal(liveName(name), live, name)
      assert.equal(rotationOf(name, live), added, name)
    }
    assert.equal(rotationOf('192.0.2.1.1.gz', '192.0.2.1'), '1')
    for (const name of ['worker-1.log', 'worker.log.bak', 'worker.logs', 'worker', 'other.log'])
      assert.equal(rotationOf(name, 'worker.log'), undefined, name)
  })

  it('orders what it added by age', () => {
    const added = ['1', '2', '10', '20261119', '20261120']
    assert.deepEqual(added.toSorted(byAge), ['20261119', '20261120', '10', '2', '1'])
  })
})

describe('following files', () => {
  it('is woken by what is written, and finds folders and files that appear later', { timeout: 60_000 }, async () => {
    const folder = join(root, 'later')
    const path = join(folder, 'app.log')
    const ending = new AbortController()
    const { read, enough, onLines } = collector(3)
    const following = followFile({
      path,
      positions: createMemoryPositions(),
      timers: systemTimers,
      wall: Date.now,
      from: 'end',
      onLines,
      signal: ending.signal,
      pollMs: 20,
    })
    await following.readNow()
    mkdirSync(folder)
    writeFileSync(path, '1 a\n')
    await following.readNow()
    appendFileSync(path, '2 b\n')
    renameSync(path, `${path}.1`)
    writeFileSync(path, '3 c\n')
    await enough
    ending.abort()
    await following.ended
    assert.deepEqual(read, ['1 a', '2 b', '3 c'])
    assert.equal(following.stats().get(path)?.lines, 3)
  })

  it('follows each log of a pattern, with its rotated files', async () => {
    const folder = mkdtempSync(join(root, 'many-'))
    writeFileSync(join(folder, 'b.log'), 'b2\n')
    writeFileSync(join(folder, 'b.log.1.gz'), gzipSync('b1\n'))
    writeFileSync(join(folder, 'a.log.1'), 'a1\n')
    writeFileSync(join(folder, 'other.txt'), 'no\n')
    const pattern = join(folder, '*.log*')
    assert.deepEqual((await findLiveLogs(pattern)).logs, [join(folder, 'a.log'), join(folder, 'b.log')])
    const ending = new AbortController()
    const { read, onLines } = collector(3)
    const seen: string[] = []
    const following = followFile({
      path: pattern,
      positions: createMemoryPositions(),
      timers: systemTimers,
      wall: Date.now,
      from: 'archives',
      onLines,
      signal: ending.signal,
      onProgress: ({ path, filesDone, files }) => seen.push(`${path.slice(folder.length + 1)} ${filesDone}/${files}`),
    })
    await following.readNow()
    ending.abort()
    await following.ended
    assert.deepEqual(read, ['a1', 'b1', 'b2'])
    assert.deepEqual(seen.slice(0, 3), ['a.log.1 0/1', 'b.log.1.gz 0/2', 'b.log 1/2'])
  })

  it('says that lines could not be taken in, and offers them again', { timeout: 60_000 }, async () => {
    const path = join(root, 'refused.log')
    writeFileSync(path, '1 a\n')
    const ending = new AbortController()
    const { read, enough, onLines } = collector(1)
    const troubles: string[] = []
    let away = true
    const following = followFile({
      path,
      positions: createMemoryPositions(),
      timers: systemTimers,
      wall: Date.now,
      from: 'start',
      signal: ending.signal,
      onTrouble: (message) => troubles.push(message),
      onLines: async (batch) => {
        if (!away) return onLines(batch)
        away = false
        throw new Error('the store is away')
      },
    })
    await enough
    ending.abort()
    await following.ended
    assert.deepEqual(read, ['1 a'])
    assert.match(troubles.join(), /could not be taken in: the store is away/)
  })

  it('ends while nothing is there to read', async () => {
    const ending = new AbortController()
    const following = followFile({
      path: join(root, 'never', 'app.log'),
      positions: createMemoryPositions(),
      timers: systemTimers,
      wall: Date.now,
      from: 'start',
      signal: ending.signal,
      onLines: async () => undefined,
    })
    ending.abort()
    await following.ended
    assert.deepEqual(
      [...following.stats().values()].map(({ lines }) => lines),
      [0],
    )
  })
})
