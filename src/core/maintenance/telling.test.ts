import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dueTelling, type MaintenancePhase, nextTellingAt, type ToldWindow } from './telling.ts'

const HOUR = 3_600_000
const window = (changes: Partial<ToldWindow> = {}): ToldWindow => ({
  startsAt: 10 * HOUR,
  endsAt: 12 * HOUR,
  tell: { channelIds: [1], begin: true, end: true, leadMs: 2 * HOUR },
  told: [],
  ...changes,
})
/** What is told when the clock looks at these hours. */
const toldAt = (hours: readonly number[], changes: Partial<ToldWindow> = {}) => {
  let told: readonly MaintenancePhase[] = changes.told ?? []
  const heard: string[] = []
  for (const hour of hours) {
    const { phase } = dueTelling(window({ ...changes, told }), hour * HOUR)
    if (phase === null) continue
    heard.push(`${phase} ${hour}`)
    told = [...told, phase]
  }
  return heard
}

describe('what is told of planned work', () => {
  it('is each phase once, when it comes', () => {
    assert.deepEqual(toldAt([7, 8, 9, 10, 11, 12, 13, 14]), ['ahead 8', 'begin 10', 'end 12'])
    assert.equal(nextTellingAt(window()), 8 * HOUR)
    assert.equal(dueTelling(window(), 8 * HOUR).nextAt, 10 * HOUR)
  })

  it('is nothing that has passed while nobody looked, but the end', () => {
    assert.deepEqual(toldAt([11, 13]), ['begin 11', 'end 13'])
    assert.deepEqual(toldAt([20, 21]), ['end 20'])
    assert.deepEqual(toldAt([20], { tell: { channelIds: [1], begin: true, end: false, leadMs: HOUR } }), [])
  })

  it('is that it does not come, where it was announced', () => {
    const gone = { startsAt: 10 * HOUR, endsAt: 9 * HOUR }
    assert.deepEqual(toldAt([9, 10], { ...gone, told: ['ahead'] }), ['cancelled 9'])
    assert.deepEqual(toldAt([9, 10], gone), [])
  })

  it('is nothing where nobody asked, or nobody is named', () => {
    assert.equal(nextTellingAt(window({ tell: undefined })), null)
    assert.equal(nextTellingAt(window({ tell: { channelIds: [], begin: true, end: true } })), null)
    assert.deepEqual(toldAt([8, 10, 12], { tell: { channelIds: [1], begin: false, end: false } }), [])
  })
})
