import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createLogFollower, type FollowOptions } from '#sources/tail/follow-log.ts'
import { createMemoryPositions } from '../fixtures/memory-positions.ts'

const WRITER = join(import.meta.dirname, '../fixtures/rotating-writer.ts')
const LINES = 40_000
const ROTATIONS = 30

describe('a follower beside a writer that rotates in every way', () => {
  it('loses and repeats no line while files move under it and it is restarted', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-race-'))
    const path = join(folder, 'app.log')
    const read: number[] = []
    const options: FollowOptions = {
      positions: createMemoryPositions(),
      wall: Date.now,
      from: 'start',
      signal: new AbortController().signal,
      onLines: async ({ lines }) => {
        for (const line of lines) {
          const [number, filler] = line.split(' ')
          assert.equal(filler, 'x'.repeat(Number(number) % 60))
          read.push(Number(number))
        }
        return undefined
      },
    }
    let follower = createLogFollower(path, options)
    await follower.scan()
    const writer = spawn(process.execPath, [WRITER, path, String(LINES), String(ROTATIONS)], { stdio: 'inherit' })
    const ended = once(writer, 'exit')
    for (let scans = 1; writer.exitCode === null; scans++) {
      await follower.scan()
      if (scans % 7 === 0) {
        await follower.close()
        follower = createLogFollower(path, options)
      }
      await turn()
    }
    assert.deepEqual(await ended, [0, null])
    await follower.scan()
    await follower.close()
    rmSync(folder, { recursive: true, force: true })
    assert.deepEqual(
      read.toSorted((a, b) => a - b),
      Array.from({ length: LINES }, (_, index) => index),
    )
  })
})
