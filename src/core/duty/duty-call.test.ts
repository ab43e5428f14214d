import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DutyList, DutyRota } from './duty.ts'
import { dutyCall, personWho } from './duty-call.ts'

const always = (name: string, person: string, match: DutyList['match'] = {}): DutyList => ({
  name,
  match,
  shifts: [{ from: '00:00', to: '00:00', people: [person] }],
  holidays: [],
  fallback: [`${name}-fallback`],
})
const rota: DutyRota = {
  people: [
    { name: 'Ana', channels: ['ana', 'desk phone'], aliases: ['@Ana_P', '4711'] },
    { name: 'Luis', channels: ['luis', 'desk phone'], aliases: [] },
  ],
  lists: [
    always('north', 'Luis', { zone: 'north' }),
    always('desk', 'Ana'),
    always('south', 'Luis', { zone: 'south' }),
  ],
  takeovers: [],
}

describe('a call to who is on duty', () => {
  const listFor = (names: readonly string[], labels: Record<string, string>) =>
    dutyCall(names, rota, labels, 0, 'UTC')?.list

  it('asks the first list that fits, and the last where none does', () => {
    assert.equal(listFor(['north', 'desk'], { zone: 'north' }), 'north')
    assert.equal(listFor(['north', 'desk'], { zone: 'south' }), 'desk')
    assert.equal(listFor(['north', 'south'], { zone: 'east' }), 'south')
    assert.equal(listFor(['gone', 'north'], {}), 'north')
    assert.equal(listFor(['gone'], {}), undefined)
  })

  it('names everybody’s channels, and who hears it otherwise', () => {
    const call = dutyCall(['desk'], rota, {}, 0, 'UTC')!
    assert.deepEqual(call.called, [{ person: 'Ana', why: 'week', channels: ['ana', 'desk phone'] }])
    assert.deepEqual(call.fallback, ['desk-fallback'])
  })

  it('knows who pressed by the account, else by a channel that is theirs alone', () => {
    assert.equal(personWho(rota, { channel: 'group', accounts: ['ana_p'] }), 'Ana')
    assert.equal(personWho(rota, { channel: 'luis', accounts: ['4711'] }), 'Ana')
    assert.equal(personWho(rota, { channel: 'luis', accounts: ['99'] }), 'Luis')
    assert.equal(personWho(rota, { channel: 'desk phone', accounts: ['99'] }), undefined)
    assert.equal(personWho(rota, { channel: 'group', accounts: ['Ana'] }), undefined, 'a name is no account')
  })
})
