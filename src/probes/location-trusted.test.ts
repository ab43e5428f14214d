import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isLocationTrusted, TRUSTED_PATTERN, trustFor } from './location-trusted.ts'

it('a login goes to the hosts that somebody named, and out of TLS only where that is named too', () => {
  const goes = (from: string, to: string, ...trusted: string[]) =>
    isLocationTrusted(new URL(to), new URL(from), trusted)
  for (const [to, trusted] of [
    ['https://login.example.net/', 'login.example.net'],
    ['https://LOGIN.example.net:8443/', 'Login.Example.net'],
    ['https://a.example.net/', '*.example.net'],
    ['https://ñandú.example/', 'ñandú.example'],
    ['https://[2001:db8::1]/', '[2001:DB8::1]'],
    ['https://anywhere.example/', '*'],
    ['http://login.example.net/', 'http://login.example.net'],
    ['http://a.example.net/', 'http://*.example.net'],
  ] as const) {
    assert.match(trusted, new RegExp(TRUSTED_PATTERN))
    assert.ok(goes('https://shop.example/', to, 'other.example', trusted), trusted)
  }
  for (const [to, trusted] of [
    ['https://login.example.net.evil.example/', 'login.example.net'],
    ['https://evilexample.net/', '*.example.net'],
    ['https://example.net/', '*.example.net'],
    ['https://a.example.net/', 'example.net'],
    ['http://login.example.net/', 'login.example.net'],
    ['http://anywhere.example/', '*'],
  ] as const)
    assert.ok(!goes('https://shop.example/', to, trusted), `${to} ${trusted}`)
  assert.ok(!goes('https://shop.example/', 'https://login.example.net/'))
  assert.ok(goes('http://shop.example/', 'http://login.example.net/', 'login.example.net'))
  for (const wrong of ['', 'a b', 'a/b', 'ftp://a', 'a.*.b', 'u@a', 'a:80', '**'])
    assert.doesNotMatch(wrong, new RegExp(TRUSTED_PATTERN))
})

it('says what to write', () => {
  assert.equal(trustFor(new URL('http://b.example/x'), new URL('https://a.example/')), 'http://b.example')
  assert.equal(trustFor(new URL('https://b.example:8443/x'), new URL('https://a.example/')), 'b.example')
})
