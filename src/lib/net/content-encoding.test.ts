import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { decodeContent, encodingsOf } from './content-encoding.ts'

const TEXT = 'service healthy. '.repeat(100)
const PACKED: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(TEXT),
  'x-gzip': gzipSync(TEXT),
  br: brotliCompressSync(TEXT),
  deflate: deflateSync(TEXT),
  'deflate ': deflateRawSync(TEXT),
  zstd: zstdCompressSync(TEXT),
  'br, gzip': gzipSync(brotliCompressSync(TEXT)),
  identity: Buffer.from(TEXT),
}

describe('encodings of a body', () => {
  for (const [encoding, bytes] of Object.entries(PACKED)) {
    it(`${encoding} is unpacked`, async () => {
      const decoded = await decodeContent(encodingsOf([encoding.toUpperCase()]), bytes, false, 10_000)
      assert.ok(typeof decoded === 'object')
      assert.deepEqual([decoded.bytes.toString(), decoded.more], [TEXT, false])
    })

    it(`${encoding} is unpacked up to the limit`, async () => {
      const decoded = await decodeContent(encodingsOf([encoding, 'identity']), bytes, false, 100)
      assert.ok(typeof decoded === 'object')
      if (encoding !== 'identity')
        assert.deepEqual([decoded.bytes.toString(), decoded.more], [TEXT.slice(0, 100), true])
    })
  }

  it('the beginning of a body tells what can be read of it', async () => {
    const packed = gzipSync(Array.from({ length: 40_000 }, (_, line) => `line ${line}`).join('\n'))
    const decoded = await decodeContent(['gzip'], packed.subarray(0, packed.length / 2), true, 1_000_000)
    assert.ok(typeof decoded === 'object' && decoded.more)
    assert.ok(decoded.bytes.toString().startsWith('line 0\nline 1\n'))
  })

  it('of a kind that is not known, or that the bytes do not follow, is named', async () => {
    assert.equal(await decodeContent(['compress'], Buffer.from('x'), false, 100), 'compress')
    assert.equal(await decodeContent(['constructor'], Buffer.from('x'), false, 100), 'constructor')
    assert.equal(await decodeContent(['gzip'], Buffer.from('plain text'), false, 100), 'gzip')
    assert.equal(await decodeContent(['gzip'], PACKED.gzip!.subarray(0, 20), false, 10_000), 'gzip')
    assert.equal(
      await decodeContent(['gzip', 'gzip', 'gzip', 'gzip'], Buffer.from('x'), false, 100),
      'gzip, gzip, gzip, gzip',
    )
  })

  it('an empty body is one', async () => {
    assert.deepEqual(await decodeContent(['gzip'], Buffer.alloc(0), false, 100), {
      bytes: Buffer.alloc(0),
      more: false,
    })
  })
})
