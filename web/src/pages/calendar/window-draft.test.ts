import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bodyOf, cronOf, draftOfPlan, draftOfWindow, matchersOf, newDraft, timesOfCron } from './window-draft.ts'
import { localText } from './zone-time.ts'

const ZONE = 'America/Argentina/Cordoba'
const NOW = Date.parse('2026-12-01T10:20:00Z')

describe('a window in the form', () => {
  it('begins with the next full hour by the clock of the server', () => {
    const { from, until } = newDraft(ZONE, NOW)
    assert.deepEqual([from, until], ['2026-12-01T08:00', '2026-12-01T10:00'])
    assert.equal(localText('2026-12-01T02:30:00Z', ZONE), '2026-11-30T23:30')
  })

  it('says a time table by its fields where they can, and as it is where not', () => {
    for (const cron of ['0 2 * * 2', '30 23 * * *', '5 4 31 * *', '0 2 * * 1,3,5', '0 2 1-7 * +0', '@daily'])
      assert.equal(cronOf({ ...newDraft(ZONE, NOW), ...timesOfCron(cron) }), cron)
    assert.deepEqual(timesOfCron('0 2 * * 7').weekdays, ['0'])
  })

  it('comes back as it was planned', () => {
    const what = {
      name: 'w',
      note: 'n',
      behind: true,
      tell: { channels: ['mail'], begin: true, end: false, ahead: '1d' },
    }
    const plan = {
      ...what,
      id: 1,
      matchers: [{ name: 'site', operator: 'in' as const, value: ['POP-7', 'POP-8'] }],
      cron: '0 2 * * 2',
      starts_at: null,
      duration: '4h',
      time_zone: ZONE,
      created_by: 'eva',
      origin: null,
    }
    const { id: _, starts_at: __, created_by: ___, origin: ____, ...sent } = plan
    assert.deepEqual(bodyOf(draftOfPlan(plan, NOW)), sent)
    const conditions = [{ name: 'severity', operator: '!=' as const, value: 'LOW' }]
    const window = {
      ...what,
      id: 1,
      matchers: conditions,
      starts_at: '2026-12-01T05:00:00Z',
      ends_at: '2026-12-01T07:00:00Z',
    }
    const draft = draftOfWindow(window, ZONE, NOW)
    assert.deepEqual([draft.by, matchersOf(draft), draft.from], ['match', conditions, '2026-12-01T02:00'])
  })

  it('is about nothing until something is chosen', () => {
    const draft = newDraft(ZONE, NOW)
    for (const by of ['monitor', 'label', 'match'] as const) assert.deepEqual(matchersOf({ ...draft, by }), [])
    assert.deepEqual(matchersOf({ ...draft, by: 'match', rows: [{ name: 'a', operator: 'in', value: 'x, y,' }] }), [
      { name: 'a', operator: 'in', value: ['x', 'y'] },
    ])
  })
})
