import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { writeMaxmind } from '../../../test/fixtures/maxmind-writer.ts'
import { MaxmindError, readMaxmind } from './maxmind.ts'

const NETWORKS = {
  '203.0.113.0/24': { country: { iso_code: 'AR', names: { en: 'Argentina', es: 'Argentina' } } },
  '198.51.100.128/25': { country: { iso_code: 'CL' }, long: 'x'.repeat(400) },
  '2001:db8::/32': { country: { iso_code: 'UY' }, list: [1, true, 'two'] },
}

describe('MaxMind databases', () => {
  it('finds what a network has, in every size of record', () => {
    for (const bits of [24, 28, 32] as const) {
      const database = readMaxmind(writeMaxmind(NETWORKS, { bits }))
      assert.deepEqual(database.lookup('203.0.113.7'), NETWORKS['203.0.113.0/24'])
      assert.deepEqual(database.lookup('::ffff:203.0.113.7'), NETWORKS['203.0.113.0/24'])
      assert.deepEqual(database.lookup('198.51.100.200'), NETWORKS['198.51.100.128/25'])
      assert.deepEqual(database.lookup('2001:db8:ffff::1'), NETWORKS['2001:db8::/32'])
      for (const nothing of ['198.51.100.1', '203.0.114.1', '2001:db9::', 'not an address', ''])
        assert.equal(database.lookup(nothing), undefined)
      assert.equal(database.type, 'Test')
      assert.equal(database.builtAt, 1_795_000_000_000)
    }
  })

  it('reads a database of IPv4 alone', () => {
    const database = readMaxmind(writeMaxmind({ '10.0.0.0/8': { a: 1 } }, { version: 4 }))
    assert.deepEqual(database.lookup('10.9.8.7'), { a: 1 })
    assert.equal(database.lookup('2001:db8::1'), undefined)
  })

  it('follows pointers, and refuses those that lead in a circle', () => {
    const pointing = (target: number) => {
      const file = writeMaxmind({ '10.0.0.0/8': ['one', 'two'] }, { version: 4 })
      const at = file.indexOf(Buffer.from('\x43two', 'latin1'))
      file[at] = 0x20
      file[at + 1] = target
      return readMaxmind(file)
    }
    assert.throws(() => pointing(0).lookup('10.0.0.1'), MaxmindError)
    assert.throws(() => pointing(255).lookup('10.0.0.1'), MaxmindError)
    assert.deepEqual(pointing(2).lookup('10.0.0.1'), ['one', 'one'])
  })

  it('does not let a small file make a large record', () => {
    const repeated = (times: number) => {
      const file = writeMaxmind({ '10.0.0.0/8': ['x'.repeat(60_000), ...Array(times).fill('a')] }, { version: 4 })
      // Each short text becomes a pointer to the long one, which stands behind the four bytes that begin the array.
      for (let at = file.indexOf('Aa', 'latin1'); at >= 0; at = file.indexOf('Aa', at, 'latin1'))
        file.set([0x20, 4], at)
      return readMaxmind(file)
    }
    assert.throws(() => repeated(300).lookup('10.0.0.1'), /record is too long/)
  })

  it('refuses what is no database', () => {
    const file = writeMaxmind(NETWORKS)
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), file.subarray(0, 100), file.subarray(-120)])
      assert.throws(() => readMaxmind(bytes), MaxmindError)
  })

  it('answers or refuses, whatever stands in the file', () => {
    const file = writeMaxmind(NETWORKS, { bits: 28 })
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), fc.nat(file.length), (changes, end) => {
        const bytes = Buffer.from(end % 3 === 0 ? file.subarray(0, end) : file)
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        try {
          const database = readMaxmind(bytes)
          for (const address of ['203.0.113.7', '198.51.100.200', '2001:db8::1', '0.0.0.0', '::'])
            database.lookup(address)
        } catch (error) {
          assert.ok(error instanceof MaxmindError, String((error as Error).stack))
        }
      }),
      { numRuns: 5000 },
    )
  })
})
