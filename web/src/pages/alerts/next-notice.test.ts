import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nextNoticeOf } from './next-notice.ts'

const alert = (changes: object) =>
  nextNoticeOf({
    next_notice_at: '2026-11-30T22:21:02Z',
    acknowledgement: null,
    silence: null,
    maintenance: null,
    ...changes,
  })
const until = (time: string | null) => ({ until: time && `2026-11-30T${time}Z` }) as never

describe('the next notice', () => {
  it('is the reminder that is due', () => {
    assert.equal(alert({}), '2026-11-30T22:21:02Z')
    assert.equal(alert({ next_notice_at: null }), undefined)
  })

  it('waits for the end of what keeps it back, whichever ends last', () => {
    assert.equal(alert({ acknowledgement: until('23:16:00') }), '2026-11-30T23:16:00Z')
    assert.equal(alert({ silence: until('23:10:00'), maintenance: until('23:40:00') }), '2026-11-30T23:40:00Z')
    assert.equal(alert({ acknowledgement: until('22:00:00') }), '2026-11-30T22:21:02Z')
  })

  it('is none while somebody has it without an end', () => {
    assert.equal(alert({ acknowledgement: until(null) }), undefined)
  })
})
