import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { loadConfigText, problemText } from './load.ts'

const load = (duty: string) => {
  const text = `channels:
  - { name: mail, type: webhook, options: { url: "http://10.0.0.9/x" } }
  - { name: guard, type: duty, options: { lists: [desk] } }
${duty}`
  return loadConfigText(text, 'vigia.yaml', { environment: {}, probeTypes, channelTypes, parseTarget })
}

describe('who is on duty, by the file', () => {
  it('is taken with its places', () => {
    const loaded = load(`duty:
  people: [{ name: Ana, channels: [mail] }]
  lists:
    - { name: desk, fallback: [mail], holidays: [2026-12-25], shifts: [{ from: "22:00", to: "06:00", people: [Ana], turns_since: 2026-11-30 }] }
`)
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.problems.map(problemText).join('\n'))
    const [list] = loaded.config.duty!.lists
    assert.deepEqual(
      [list!.origin, list!.holidays, list!.shifts[0]!.turnsSince],
      ['vigia.yaml:7', [{ date: '2026-12-25' }], '2026-11-30'],
    )
  })

  it('says where it names what is not there', () => {
    const loaded = load(`duty:
  people: [{ name: Ana, channels: [guard] }, { name: Ana, channels: [mail] }]
  lists:
    - { name: dask, time_zone: Mars/Base, fallback: [sms], holidays: [2026-02-30], shifts: [{ from: "22:00", to: "06:00", people: [Zoe] }] }
`)
    assert.ok(!loaded.ok)
    assert.deepEqual(
      loaded.problems.map(({ line, message }) => `${line} ${message.split(',')[0]}`),
      [
        '3 lists: no duty list is named desk',
        '5 channels: no channel is named guard that reaches somebody by itself',
        '5 name: Ana is taken already',
        '7 time_zone: Mars/Base is no time zone',
        '7 fallback: no channel is named sms that reaches somebody by itself',
        '7 holidays: 2026-02-30 is on no calendar',
        '7 people: nobody is named Zoe',
      ],
    )
  })
})
