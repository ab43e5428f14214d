import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cronProblem, nextTime } from './cron.ts'

/** June 2027 begins on a Tuesday. */
const days = (cron: string, count = 4): string => {
  const found: string[] = []
  for (let at = Date.parse('2027-06-01T00:00Z') - 1; found.length < count; ) {
    at = nextTime(cron, 'UTC', at)!
    found.push(new Date(at).toISOString().slice(5, 10))
  }
  return found.join(' ')
}

describe('a time table', () => {
  it('wants one of the two kinds of days, and both where one begins with a star, as cron does', () => {
    assert.equal(days('0 2 1-7 * 0'), '06-01 06-02 06-03 06-04')
    assert.equal(days('0 2 */2 * 1'), '06-07 06-21 07-05 07-19')
    assert.equal(days('0 2 1-7 * */7'), '06-06 07-04 08-01 09-05')
    assert.equal(days('0 2 * * 1'), '06-07 06-14 06-21 06-28')
    assert.equal(days('0 2 1-7 * *'), '06-01 06-02 06-03 06-04')
    assert.equal(days('0 2 1-7 * +0'), '06-06 07-04 08-01 09-05')
    assert.equal(days('0 2 * * 1#1'), '06-07 07-05 08-02 09-06')
    assert.equal(days('0 2 L * *'), '06-30 07-31 08-31 09-30')
  })

  it('may be a word of cron', () => {
    assert.equal(days('@daily'), '06-01 06-02 06-03 06-04')
    assert.equal(days('@weekly'), '06-06 06-13 06-20 06-27')
    assert.equal(days('@monthly'), '06-01 07-01 08-01 09-01')
    for (const word of ['@reboot', '@fortnightly', '@1900000000000', '@'])
      assert.match(cronProblem(word, 'UTC') ?? '', /^is not a time table of five fields/, word)
  })

  it('is told where it never comes', () => {
    assert.equal(cronProblem('0 2 30 2 *', 'UTC'), 'never comes')
    assert.equal(cronProblem('0 2 * * 2', 'America/Lima'), undefined)
  })
})
