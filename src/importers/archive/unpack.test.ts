import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { SourceError } from '../import-plan.ts'
import { readImport } from '../index.ts'
import { openSource } from '../source.ts'
import { isArchive, unpack } from './unpack.ts'

const root = mkdtempSync(join(tmpdir(), 'vigia-unpack-'))
after(() => rmSync(root, { recursive: true, force: true }))

interface Packed {
  readonly name: string
  readonly body: Buffer
  /** What the directory says of its length, where it says something else. */
  readonly size?: number
  readonly flags?: number
}

const zipOf = (files: readonly Packed[]): Buffer => {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, body, size = body.length, flags = 0x800 } of files) {
    const packed = deflateRawSync(body)
    const text = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(body), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(size, 18)
    common.writeUInt16LE(text.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, text, packed])
    const end = Buffer.alloc(14)
    end.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, end, text]))
    locals.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, central, end])
}

const write = (name: string, bytes: Buffer) => {
  const path = join(root, name)
  writeFileSync(path, bytes)
  return openSource(path).files[0]!
}

const refusal = (name: string, bytes: Buffer): string => {
  try {
    unpack(write(name, bytes)).remove()
  } catch (error) {
    assert.ok(error instanceof SourceError, String(error))
    return error.why.code
  }
  return 'read'
}

describe('an archive', () => {
  it('of either kind is read as the folder that it is', () => {
    const folder = join(root, 'folder')
    mkdirSync(join(folder, 'conf.d'), { recursive: true })
    const long = `conf.d/${'ñ'.repeat(70)}.yaml`
    writeFileSync(join(folder, 'a.yaml'), 'a')
    writeFileSync(join(folder, long), 'b')
    execFileSync('tar', ['-czf', join(root, 'made.tar.gz'), '-C', folder, '.'])
    const zipped = zipOf([
      { name: 'a.yaml', body: Buffer.from('a') },
      { name: long, body: Buffer.from('b') },
    ])
    for (const file of [openSource(join(root, 'made.tar.gz')).files[0]!, write('made.zip', zipped)]) {
      assert.ok(isArchive(file))
      const opened = unpack(file, root)
      assert.deepEqual(
        [readFileSync(join(opened.folder, 'a.yaml'), 'utf8'), readFileSync(join(opened.folder, long), 'utf8')],
        ['a', 'b'],
      )
      opened.remove()
    }
  })

  it('is read by whoever knows what is in it, and taken away afterwards', () => {
    const file = write('list.zip', zipOf([{ name: 'nodos/hosts.txt', body: Buffer.from('10.0.0.1 a\n10.0.0.2 b\n') }]))
    const scratch = join(root, 'scratch')
    mkdirSync(scratch)
    const read = readImport(file.path, undefined, { timeZone: 'UTC', now: 0, scratch })
    assert.ok(read.ok)
    assert.deepEqual(
      read.plans.map(({ plan, path }) => [path, plan.monitors?.map(({ place }) => place)]),
      [
        [
          `${file.path}/nodos/hosts.txt`,
          [
            { file: 'nodos/hosts.txt', line: 1 },
            { file: 'nodos/hosts.txt', line: 2 },
          ],
        ],
      ],
    )
    read.plans[0]!.plan.close!()
    assert.deepEqual(readdirSync(scratch), [])
  })

  it('that leads out, is locked, or holds more than is unpacked is refused by name, and writes nothing', () => {
    const before = readdirSync(root).length
    const body = Buffer.from('x')
    for (const name of ['../x', '/x', 'a/../../x', 'C:\\x', 'a//b', '..'])
      assert.equal(
        refusal(
          'bad.zip',
          zipOf([
            { name: 'fine', body },
            { name, body },
          ]),
        ),
        'import_archive_name',
        name,
      )
    assert.equal(refusal('bad.zip', zipOf([{ name: 'x', body, flags: 1 }])), 'import_archive_locked')
    assert.equal(refusal('bad.zip', zipOf([{ name: 'x', body, size: 2 ** 31 }])), 'import_archive_large')
    // It says to be small, and is not.
    assert.equal(refusal('bad.zip', zipOf([{ name: 'x', body: Buffer.alloc(1000), size: 10 }])), 'import_archive_large')
    assert.equal(readdirSync(root).length, before + 1)
  })

  it('that is damaged anywhere is read or refused, and is never a mistake of ours', () => {
    const good = zipOf([{ name: 'a', body: Buffer.from('some text, some text') }])
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (at, value, cut) => {
        const bytes = cut ? Buffer.from(good.subarray(0, at)) : Buffer.from(good)
        if (!cut) bytes[at] = value
        const file = write('fuzz.zip', bytes)
        if (file.size > 0 && isArchive(file)) refusal('fuzz.zip', bytes)
      }),
      { numRuns: 60 },
    )
  })
})
