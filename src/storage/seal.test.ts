import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { createSealer } from './seal.ts'
import { keyFromText, loadSealKeys } from './seal-key.ts'

const key = (text: string) => keyFromText(text)!
const FIRST = key('a first key of some length')
const SECOND = key('a second key of some length')

const sealer = createSealer({ current: FIRST, older: [] })

describe('sealing', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        const sealed = sealer.seal(plain)
        const opened = sealer.open(sealed)
        return opened.ok && opened.value === plain && (plain.length < 4 || !sealed.includes(plain))
      }),
    )
  })

  it('seals the same text differently each time', () => {
    assert.notEqual(sealer.seal('secret'), sealer.seal('secret'))
  })

  it('notices any change, and what was never sealed', () => {
    const sealed = sealer.seal('secret')
    const at = sealed.lastIndexOf(':') + 1
    for (let index = at; index < sealed.length - 1; index++) {
      const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1)
      assert.deepEqual(sealer.open(changed), { ok: false, reason: 'damaged' })
    }
    for (const text of [
      '',
      'secret',
      '***',
      `sealed:1:${FIRST.id}:`,
      `sealed:1:${FIRST.id}:AAAA`,
      `sealed:2:${FIRST.id}:AAAA`,
    ])
      assert.deepEqual(sealer.open(text), { ok: false, reason: 'damaged' }, text)
  })

  it('says when the key is missing, and never takes one key for another', () => {
    const sealed = createSealer({ current: SECOND, older: [] }).seal('secret')
    assert.deepEqual(sealer.open(sealed), { ok: false, reason: 'key_missing' })
    assert.deepEqual(sealer.open(sealed.replace(SECOND.id, FIRST.id)), { ok: false, reason: 'damaged' })
  })

  it('opens values of an older key and tells that they want a new seal', () => {
    const old = sealer.seal('secret')
    const rotated = createSealer({ current: SECOND, older: [FIRST] })
    assert.deepEqual(rotated.open(old), { ok: true, value: 'secret' })
    assert.equal(rotated.isOutdated(old), true)
    assert.equal(rotated.isOutdated(rotated.seal('secret')), false)
    assert.equal(rotated.isOutdated('secret'), false)
  })
})

describe('keys', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-seal-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('reads 32 bytes in hex or base64 as they are, and any longer text through a hash', () => {
    const bytes = Buffer.alloc(32, 7)
    for (const form of ['hex', 'base64', 'base64url'] as const) assert.deepEqual(key(bytes.toString(form)).bytes, bytes)
    assert.equal(key(` ${bytes.toString('hex')}\n`).id, key(bytes.toString('base64')).id)
    assert.equal(key('sixteen letters!').bytes.length, 32)
    assert.equal(keyFromText('fifteen letters'), undefined)
  })

  it('makes the file once, for this user only, and leaves nothing else behind', () => {
    const first = loadSealKeys(folder)
    const second = loadSealKeys(folder)
    assert.equal(first.current.id, second.current.id)
    assert.deepEqual(readdirSync(folder), ['secret.key'])
    assert.equal(statSync(join(folder, 'secret.key')).mode & 0o777, 0o600)
    assert.match(readFileSync(join(folder, 'secret.key'), 'utf8'), /^[0-9a-f]{64}\n$/)
  })

  it('makes the data folder when there is none', () => {
    assert.equal(loadSealKeys(join(folder, 'data')).current.bytes.length, 32)
  })

  it('lets VIGIA_KEY take over, and still opens what came before', () => {
    const sealed = createSealer(loadSealKeys(folder)).seal('secret')
    const keys = loadSealKeys(folder, { VIGIA_KEY: 'the new key of this server' })
    assert.equal(keys.current.id, key('the new key of this server').id)
    assert.deepEqual(createSealer(keys).open(sealed), { ok: true, value: 'secret' })
    const changed = loadSealKeys(folder, {
      VIGIA_KEY: 'another key of it',
      VIGIA_KEY_PREVIOUS: 'the new key of this server',
    })
    assert.deepEqual(createSealer(changed).open(createSealer(keys).seal('secret')), { ok: true, value: 'secret' })
  })

  it('writes no file when VIGIA_KEY is given', () => {
    loadSealKeys(folder, { VIGIA_KEY: 'the key of this server' })
    assert.deepEqual(readdirSync(folder), [])
  })

  it('refuses a short or damaged key with a way out, without showing it', () => {
    assert.throws(() => loadSealKeys(folder, { VIGIA_KEY: 'short' }), /VIGIA_KEY is too short.*openssl rand/)
    writeFileSync(join(folder, 'secret.key'), 'half a k')
    assert.throws(
      () => loadSealKeys(folder),
      (error: Error) => {
        assert.match(error.message, /secret\.key does not hold a key/)
        assert.ok(!error.message.includes('half a k'))
        return true
      },
    )
    assert.equal(readFileSync(join(folder, 'secret.key'), 'utf8'), 'half a k', 'it is left for its owner to repair')
  })
})
