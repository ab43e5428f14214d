import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { loginIn, withLogin } from './url-login.ts'

describe('the login of an address', () => {
  it('is what stands before the last @ of the server', () => {
    for (const [address, login] of [
      ['http://user:pass@host.example/a', 'user:pass'],
      ['HTTPS://user@host.example', 'user'],
      ['http://a@b:c@host.example/', 'a@b:c'],
      ['http:/\t/user:pass@host.example/', 'user:pass'],
      ['http:\\\\user:pass@host.example', 'user:pass'],
      ['http:///user:pass@host.example/', 'user:pass'],
      ['http://host.example/user:pass@x', undefined],
      ['http://host.example?to=a@b', undefined],
      ['http://host.example#a@b', undefined],
      ['http://@host.example/', undefined],
      ['host.example', undefined],
    ] as const)
      assert.equal(loginIn(address), login, address)
    assert.equal(withLogin('http://a@b:$&@host.example/x@y', '***'), 'http://***@host.example/x@y')
    assert.equal(withLogin('http://host.example/x@y', '***'), 'http://host.example/x@y')
  })

  it('is found wherever Node finds one, and nothing of it is left', () => {
    const part = fc.string({ unit: fc.constantFrom(...'ab:@/\\?#%.$&[]\t\n '), maxLength: 8 })
    fc.assert(
      fc.property(part, part, part, (user, password, rest) => {
        const address = `http://${user}:${password}@host.example/${rest}`
        const url = URL.parse(address)
        if (!url || url.username + url.password === '') return
        assert.ok(loginIn(address) !== undefined, address)
        const masked = URL.parse(withLogin(address, '***'))!
        assert.deepEqual(
          [masked.host, masked.pathname, masked.username, masked.password],
          [url.host, url.pathname, '***', ''],
        )
      }),
      { numRuns: 2000 },
    )
  })
})
