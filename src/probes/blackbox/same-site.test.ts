import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isSameSite } from './same-site.ts'

it('a login stays with its host and those above and below it, and within TLS', () => {
  const stays = (from: string, to: string) => isSameSite(new URL(to), new URL(from))
  for (const [from, to] of [
    ['http://example.com/', 'https://www.example.com/'],
    ['https://www.example.com/', 'https://example.com/'],
    ['http://192.0.2.1:8080/', 'https://192.0.2.1:8443/'],
  ] as const)
    assert.ok(stays(from, to), to)
  for (const [from, to] of [
    ['http://example.com/', 'http://example.net/'],
    ['http://example.com/', 'http://notexample.com/'],
    ['http://a.example.com/', 'http://b.example.com/'],
    ['https://example.com/', 'http://example.com/'],
    ['http://shop.com/', 'http://com/'],
    ['http://192.0.2.1/', 'http://2.192.0.2.1.example/'],
    ['http://127.0.0.1/', 'http://localhost/'],
  ] as const)
    assert.ok(!stays(from, to), to)
})
