import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { createMemoryPositions } from '../../../test/fixtures/memory-positions.ts'
import { createLogFollower, type FollowOptions, type LineBatch } from './follow-log.ts'

const root = mkdtempSync(join(tmpdir(), 'vigia-follow-'))
after(() => rmSync(root, { recursive: true, force: true }))
const folder = () => mkdtempSync(join(root, 'log-'))
const signal = new AbortController().signal

/** A log with its follower, and what a rotation does to it. */
const bench = (changes: Partial<FollowOptions> = {}) => {
  const path = join(folder(), 'app.log')
  const positions = createMemoryPositions()
  const read: string[] = []
  const troubles: string[] = []
  let failing = 0
  const options: FollowOptions = {
    positions,
    wall: Date.now,
    from: 'start',
    signal,
    onLines: async ({ lines }: LineBatch) => {
      if (failing-- > 0) throw new Error('the store is away')
      read.push(...lines)
      return undefined
    },
    onTrouble: (message) => troubles.push(message),
    ...changes,
  }
  let follower = createLogFollower(path, options)
  const archives = () => {
    const found: string[] = []
    for (let n = 1; n < 50; n++) {
      for (const name of [`${path}.${n}`, `${path}.${n}.gz`]) if (existsSync(name)) found.push(name)
    }
    return found
  }
  const shift = () => {
    for (const name of archives().toReversed())
      renameSync(
        name,
        name.replace(/\.(\d+)(\.gz)?$/, (_all, n, gz = '') => `.${Number(n) + 1}${gz}`),
      )
  }
  return {
    path,
    read,
    troubles,
    scan: () => follower.scan(),
    fail: (times: number) => {
      failing = times
    },
    stats: () => follower.stats(),
    append: (text: string) => appendFileSync(path, text),
    rename: () => {
      if (!existsSync(path)) return
      shift()
      renameSync(path, `${path}.1`)
    },
    copyTruncate: () => {
      if (!existsSync(path)) return
      shift()
      copyFileSync(path, `${path}.1`)
      truncateSync(path, 0)
    },
    compress: (keep = 0) => {
      const name = archives().find((one) => !one.endsWith('.gz') && Number(one.split('.').at(-1)) > keep)
      if (!name) return
      writeFileSync(`${name}.gz`, gzipSync(readFileSync(name)))
      rmSync(name)
    },
    restart: async () => {
      await follower.close()
      follower = createLogFollower(path, options)
    },
    close: () => follower.close(),
  }
}

describe('log follower', () => {
  it('reads complete lines, and the rest of one when it is there', async () => {
    const log = bench()
    log.append('one\r\ntwo\nthr')
    await log.scan()
    assert.deepEqual(log.read, ['one', 'two'])
    log.append('ee ñ\n')
    await log.scan()
    assert.deepEqual(log.read, ['one', 'two', 'three ñ'])
    await log.close()
  })

  it('reads what was missed while it was away from the rotated files, compressed ones too', async () => {
    const log = bench()
    log.append('1 a\n')
    await log.scan()
    await log.close()
    log.append('2 b\n')
    log.rename()
    log.append('3 c\n')
    log.rename()
    log.append('4 d\n')
    log.compress(1)
    await log.restart()
    await log.scan()
    assert.deepEqual(log.read, ['1 a', '2 b', '3 c', '4 d'])
    await log.restart()
    await log.scan()
    assert.equal(log.read.length, 4)
    await log.close()
  })

  it('finds the rest in the copy after a truncation, though the file has grown past the old place', async () => {
    const log = bench()
    log.append('1 a\n')
    await log.scan()
    log.append('2 missed\n')
    log.copyTruncate()
    log.append('3 c, which is long enough to stand where the old end stood\n')
    await log.scan()
    assert.deepEqual(log.read, ['1 a', '2 missed', '3 c, which is long enough to stand where the old end stood'])
    await log.close()
  })

  it('goes on reading a file that was moved out of sight while its writer held it', async () => {
    const log = bench()
    log.append('1 a\n')
    await log.scan()
    const moved = join(folder(), 'elsewhere')
    renameSync(log.path, moved)
    appendFileSync(moved, '2 b\n')
    log.append('3 c\n')
    await log.scan()
    assert.deepEqual(log.read, ['1 a', '2 b', '3 c'])
    await log.close()
  })

  it('takes the same lines again when they could not be taken in, and none twice', async () => {
    const log = bench()
    log.append('1 a\n2 b\n')
    log.fail(1)
    await assert.rejects(log.scan(), /the store is away/)
    log.append('3 c\n')
    await log.scan()
    assert.deepEqual(log.read, ['1 a', '2 b', '3 c'])
    await log.close()
  })

  it('skips a line over 1 MB and the hole that a careless truncation leaves, and reads on', async () => {
    const log = bench()
    log.append(`1 a\n${'x'.repeat(3_000_000)}`)
    await log.scan()
    log.append(`${'y'.repeat(10)}\n2 b\n`)
    log.append(`${'\0'.repeat(5_000_000)}3 c\n`)
    await log.scan()
    assert.deepEqual(log.read, ['1 a', '2 b', '3 c'])
    assert.equal(log.stats().tooLong, 1)
    assert.match(log.troubles.join(), /longer than 1 MB/)
    await log.close()
  })

  it('skips such a line in an archive as well', async () => {
    const log = bench({ from: 'archives' })
    writeFileSync(`${log.path}.1.gz`, gzipSync(`1 a\n${'x'.repeat(3_000_000)}\n2 b\n3 without its end`))
    await log.scan()
    assert.deepEqual(log.read, ['1 a', '2 b', '3 without its end'])
    assert.equal(log.stats().tooLong, 1)
    await log.close()
  })

  it('begins where it is told to', async () => {
    for (const [from, wanted] of [
      ['archives', ['1 old', '2 older', '3 now']],
      ['start', ['3 now']],
      ['end', []],
    ] as const) {
      const log = bench({ from })
      writeFileSync(`${log.path}.2.gz`, gzipSync('1 old\n'))
      writeFileSync(`${log.path}.1`, '2 older\n')
      log.append('3 now\n')
      await log.scan()
      assert.deepEqual(log.read, wanted)
      log.append('4 new\n')
      log.rename()
      log.append('5 newer\n')
      await log.restart()
      await log.scan()
      assert.deepEqual(log.read, [...wanted, '4 new', '5 newer'])
      await log.close()
    }
  })

  it('reads the complete lines of an archive that ends in the middle, and says once that it stays so', async () => {
    let now = Date.now()
    const log = bench({ from: 'archives', wall: () => now })
    const wanted = Array.from({ length: 50_000 }, (_, n) => `${n} ${Math.sin(n)}`)
    const whole = gzipSync(wanted.join('\n'))
    writeFileSync(`${log.path}.1.gz`, whole.subarray(0, whole.length / 2))
    log.append('now\n')
    await log.scan()
    const readable = log.read.length - 1
    assert.ok(readable > 1000)
    assert.deepEqual(log.read, [...wanted.slice(0, readable), 'now'])
    assert.equal(log.troubles.length, 0)
    for (let scans = 0; scans < 3; scans++) {
      now += 40_000
      await log.scan()
    }
    assert.equal(log.read.length, readable + 1)
    assert.equal(log.troubles.filter((trouble) => trouble.includes('damaged')).length, 1)
    await log.close()
  })

  it('reads on in an archive that becomes whole, whatever it was taken for meanwhile', async () => {
    const wanted = Array.from({ length: 2000 }, (_, n) => `${n} ${'x'.repeat(n % 60)}`)
    const text = wanted.join('\n')
    const whole = gzipSync(text, { level: 1 })
    for (const pauseMs of [0, 120_000])
      for (const restarts of [false, true]) {
        let now = Date.now()
        const log = bench({ from: 'archives', wall: () => now })
        // Half of it was read before it was packed.
        log.append(text.slice(0, text.length / 2))
        await log.scan()
        rmSync(log.path)
        for (let size = 1; size < whole.length; size += 1 + (whole.length >> 3)) {
          writeFileSync(`${log.path}.2.gz`, whole.subarray(0, size))
          await log.scan()
          now += pauseMs
          await log.scan()
          if (restarts) await log.restart()
        }
        writeFileSync(`${log.path}.2.gz`, whole)
        await log.scan()
        await log.scan()
        assert.deepEqual(log.read, wanted)
        assert.equal(log.troubles.length > 0, pauseMs > 0)
        await log.close()
      }
  })

  it('says of archives of another packer what may be lost, and nothing of those that hold what was read', async () => {
    const xz = Buffer.from('fd377a585a000004e6d6b446', 'hex')
    const log = bench({ from: 'archives' })
    writeFileSync(`${log.path}.2.xz`, xz)
    log.append('1 a\n')
    await log.scan()
    assert.deepEqual(log.stats().foreign, { path: `${log.path}.2.xz`, form: 'xz' })
    assert.equal(log.troubles.length, 1)
    rmSync(`${log.path}.2.xz`)
    log.rename()
    await log.scan()
    assert.equal(log.stats().foreign, undefined)
    renameSync(`${log.path}.1`, `${log.path}.1.xz`)
    writeFileSync(`${log.path}.1.xz`, xz)
    log.append('2 b\n')
    await log.scan()
    assert.deepEqual([log.stats().foreign, log.troubles.length], [undefined, 1])
    await log.restart()
    await log.scan()
    assert.deepEqual([log.stats().foreign, log.troubles.length, log.read], [undefined, 2, ['1 a', '2 b']])
    await log.close()
  })

  it('goes on in the middle of an archive where it was interrupted', async () => {
    const wanted = Array.from({ length: 60_000 }, (_, n) => `${n} ${Math.sin(n)}`)
    let batches = 0
    const read: string[] = []
    const log = bench({
      from: 'archives',
      onLines: async ({ lines }) => {
        if (++batches % 2 === 0) throw new Error('the store is away')
        read.push(...lines)
        return undefined
      },
    })
    writeFileSync(`${log.path}.1.gz`, gzipSync(`${wanted.join('\n')}\n`))
    let refused = 0
    for (let attempt = 0; attempt < 50 && read.length < wanted.length; attempt++)
      await log.scan().catch(() => refused++)
    await log.close()
    assert.ok(refused > 1)
    assert.deepEqual(read, wanted)
  })

  it('does not mind a folder that does not exist, nor a folder or pipe in the place of the log', async () => {
    const away = createLogFollower(join(folder(), 'none', 'app.log'), {
      positions: createMemoryPositions(),
      wall: Date.now,
      from: 'start',
      signal,
      onLines: async () => undefined,
    })
    await away.scan()
    const place = createLogFollower(folder(), {
      positions: createMemoryPositions(),
      wall: Date.now,
      from: 'start',
      signal,
      onLines: async () => undefined,
    })
    await place.scan()
    await place.close()
  })

  it('loses and repeats nothing, whatever happens in whatever order', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('append' as const),
          lines: fc.integer({ min: 1, max: 30 }),
          partial: fc.boolean(),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constantFrom(
            'scan' as const,
            'restart' as const,
            'rename' as const,
            'copyTruncate' as const,
            'compress' as const,
          ),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const log = bench()
        const written: string[] = []
        let rest = ''
        await log.scan()
        for (const one of steps) {
          if (one.do === 'append') {
            for (let n = 0; n < one.lines; n++) {
              const line = `${written.length} ${'x'.repeat(written.length % 80)}`
              written.push(line)
              log.append(`${rest}${line.slice(rest === '' ? 0 : rest.length)}\n`.slice(rest.length))
              rest = ''
            }
            if (one.partial) {
              rest = `${written.length} `
              log.append(rest)
            }
          } else if (one.do === 'fail') {
            log.fail(1)
            await log.scan().catch(() => {})
            log.fail(0)
          } else if (one.do === 'rename' || one.do === 'copyTruncate') {
            // A writer ends its line before a rotation; what it wrote half would stand in two files.
            if (rest !== '') {
              written.push(rest)
              log.append('\n')
              rest = ''
            }
            log[one.do]()
          } else await log[one.do]()
        }
        if (rest !== '') {
          written.push(rest)
          log.append('\n')
        }
        await log.scan()
        await log.close()
        assert.deepEqual(log.read.toSorted(), written.toSorted())
      }),
      { numRuns: 150 },
    )
  })
})
