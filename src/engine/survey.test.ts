import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { survey } from './survey.ts'

describe('survey', async () => {
  const findings = await survey(({ code }) => code)

  it('looks at sockets, privileges and the clock wherever it runs', () => {
    const checks = findings.map(({ check }) => check)
    for (const check of ['native calls', 'privileges', 'ping over IPv4', 'ping over IPv6', 'clock'])
      assert.ok(checks.includes(check), check)
    assert.equal(new Set(checks).size, checks.length)
  })

  it('says what to do about whatever is not well', () => {
    for (const { level, found, advice } of findings) {
      assert.ok(found.length > 0)
      if (level !== 'ok') assert.ok(advice, found)
    }
  })
})
