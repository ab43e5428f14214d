import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Type } from '#lib/schema.ts'
import { createSealer } from './seal.ts'
import { keyFromText } from './seal-key.ts'
import { keepMasked, mapSecrets, maskSecrets, openSecrets, type SecretPath, sealSecrets } from './secret-fields.ts'

const secret = Type.String({ 'x-secret': true })
const schema = Type.Object({
  url: Type.String(),
  token: Type.Optional(secret),
  smtp: Type.Optional(Type.Object({ user: Type.String(), password: Type.Optional(secret) })),
  headers: Type.Optional(Type.Record(Type.String(), secret)),
  accounts: Type.Optional(Type.Array(Type.Object({ name: Type.String(), pin: Type.Integer({ 'x-secret': true }) }))),
  auth: Type.Optional(Type.Union([Type.Null(), Type.Object({ key: secret }), Type.Object({ basic: secret })])),
  pair: Type.Optional(Type.Tuple([Type.String(), secret])),
  whole: Type.Optional(Type.Object({ a: Type.String() }, { 'x-secret': true })),
})

const value = {
  url: 'https://host/',
  token: 't0ken',
  smtp: { user: 'vigia', password: 'passw0rd' },
  headers: { Authorization: 'Bearer abc', 'X-Y': 'z' },
  accounts: [
    { name: 'a', pin: 1234 },
    { name: 'b', pin: 0 },
  ],
  auth: { basic: 'user:pass' },
  pair: ['public', 'private'] as [string, string],
  whole: { a: 'hidden' },
}

const sealer = createSealer({ current: keyFromText('a key of some length')!, older: [] })
const stranger = createSealer({ current: keyFromText('another key of some length')!, older: [] })

describe('secret fields', () => {
  it('finds secrets in objects, records, lists, unions and tuples', () => {
    const found: string[] = []
    mapSecrets(schema, value, (one, path) => {
      found.push(`${path.join('.')}=${JSON.stringify(one)}`)
      return one
    })
    assert.deepEqual(found, [
      'token="t0ken"',
      'smtp.password="passw0rd"',
      'headers.Authorization="Bearer abc"',
      'headers.X-Y="z"',
      'accounts.0.pin=1234',
      'accounts.1.pin=0',
      'auth.basic="user:pass"',
      'pair.1="private"',
      'whole={"a":"hidden"}',
    ])
  })

  it('masks them all and nothing else, in a copy', () => {
    const before = structuredClone(value)
    const masked = maskSecrets(schema, value)
    assert.deepEqual(value, before)
    assert.equal(masked.url, value.url)
    assert.deepEqual(masked.smtp, { user: 'vigia', password: '***' })
    const text = JSON.stringify(masked)
    for (const hidden of ['t0ken', 'passw0rd', 'abc', '1234', 'user:pass', 'private', 'hidden'])
      assert.ok(!text.includes(hidden), hidden)
  })

  it('leaves what is absent or null as it is', () => {
    assert.deepEqual(maskSecrets(schema, { url: 'x' }), { url: 'x' })
    assert.deepEqual(maskSecrets(schema, { url: 'x', auth: null }), { url: 'x', auth: null })
  })

  it('a mask sent back means unchanged', () => {
    const sent = { ...maskSecrets(schema, value), token: 'new', headers: { Authorization: '***', Other: '***' } }
    const kept = keepMasked(schema, sent, value)
    assert.equal(kept.token, 'new')
    assert.equal(kept.smtp.password, 'passw0rd')
    assert.deepEqual(kept.headers, { Authorization: 'Bearer abc', Other: '***' })
    assert.deepEqual(kept.accounts, value.accounts)
    assert.deepEqual(keepMasked(schema, { url: '***' }, value), { url: '***' }, 'only a secret can be masked')
  })

  it('seals and opens with types intact', () => {
    const sealed = sealSecrets(schema, value, sealer)
    assert.match(String(sealed.token), /^sealed:1:/)
    assert.equal(sealed.smtp.user, 'vigia')
    assert.deepEqual(openSecrets(schema, sealed, sealer), { ok: true, value })
  })

  it('names the first secret that does not open', () => {
    const sealed = sealSecrets(schema, value, sealer)
    const path: SecretPath = ['token']
    assert.deepEqual(openSecrets(schema, sealed, stranger), { ok: false, reason: 'key_missing', path })
    assert.deepEqual(openSecrets(schema, value, sealer), { ok: false, reason: 'damaged', path })
  })

  it('of an address its login alone is secret, and one of a time before logins were sealed is read', () => {
    const addresses = Type.Object({ url: Type.String({ 'x-login': true }), token: Type.Optional(secret) })
    const value = { url: 'https://noc:p@ss@host.example/a?b=c@d', token: 't' }
    assert.deepEqual(maskSecrets(addresses, value), { url: 'https://***@host.example/a?b=c@d', token: '***' })
    assert.deepEqual(keepMasked(addresses, { url: 'https://***@host.example/b', token: '***' }, value), {
      url: 'https://noc:p@ss@host.example/b',
      token: 't',
    })
    const none = { url: 'https://host.example/' }
    assert.deepEqual([maskSecrets(addresses, none), sealSecrets(addresses, none, sealer)], [none, none])
    const sealed = sealSecrets(addresses, value, sealer)
    assert.match(sealed.url, /^https:\/\/sealed:1:[\w:-]+@host\.example\/a\?b=c@d$/)
    assert.deepEqual(openSecrets(addresses, sealed, sealer), { ok: true, value })
    assert.deepEqual(openSecrets(addresses, { url: value.url }, sealer), { ok: true, value: { url: value.url } })
    const missing = { ok: false, reason: 'key_missing', path: ['url'] }
    assert.deepEqual(openSecrets(addresses, sealed, stranger), missing)
  })

  it('does not mistake a key for a prototype', () => {
    const odd = JSON.parse('{"url":"x","headers":{"__proto__":"s","constructor":"t"}}')
    assert.equal(
      JSON.stringify(maskSecrets(schema, odd)),
      '{"url":"x","headers":{"__proto__":"***","constructor":"***"}}',
    )
  })
})
