import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { banRefusal, liftRefusal, parseAllowed } from './ban-limits.ts'

const limits = { allowed: parseAllowed(['10.0.0.0/8']).networks, longestMs: 3_600_000 }
const codeOf = (ip: string, from?: string) => banRefusal(ip, undefined, limits, from)?.code

describe('what may be banned', () => {
  it('is judged by the IPv4 addresses that an IPv6 network stands for, too', () => {
    assert.equal(codeOf('64:ff9b::/96'), 'too_wide')
    assert.equal(codeOf('64:ff9b::/32'), 'too_wide')
    assert.equal(codeOf('64:ff9b:1::/64'), 'too_wide')
    assert.equal(codeOf('2002::/32'), 'never_banned')
    assert.equal(codeOf('64:ff9b::a01:203'), 'never_banned')
    assert.equal(codeOf('2002:a01:203::/48'), 'never_banned')
    assert.equal(codeOf('64:ff9b::c612:700/120'), undefined)
    assert.equal(codeOf('2001:db8::/32'), undefined)
  })

  it('is never where nobody sends from', () => {
    for (const ip of ['224.0.0.1', '239.0.0.0/8', '255.255.255.255', 'ff02::1', '64:ff9b::e000:1'])
      assert.equal(codeOf(ip), 'invalid_address', ip)
  })

  it('is never who asks, in whatever form the address comes', () => {
    assert.equal(codeOf('198.18.7.0/24', '198.18.7.9'), 'never_banned')
    assert.equal(codeOf('198.18.7.9', '::ffff:198.18.7.9'), 'never_banned')
    assert.equal(codeOf('64:ff9b::c612:709', '198.18.7.9'), 'never_banned')
    assert.equal(codeOf('2001:db8::/48', '2001:db8::5'), 'never_banned')
    assert.equal(codeOf('198.18.8.0/24', '198.18.7.9'), undefined)
  })

  it('is lifted within the same width, whoever it is', () => {
    assert.equal(liftRefusal('0.0.0.0/0')?.code, 'too_wide')
    assert.equal(liftRefusal('::/0')?.code, 'too_wide')
    assert.equal(liftRefusal('10.0.0.1'), undefined)
    assert.equal(liftRefusal('nobody')?.code, 'invalid_address')
  })
})
