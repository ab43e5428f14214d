import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import { detectorTypes } from '#detectors/index.ts'
import { failed } from '#lib/result.ts'
import { loadConfigText, problemText } from './load.ts'

const parseTarget = () => failed(because('as_said', { words: 'no targets here' }))
const zeek = (text: string) => {
  const loaded = loadConfigText(`sources: { zeek: { logs: /logs, ${text} } }`, 'vigia.yaml', {
    environment: {},
    probeTypes: new Map(),
    channelTypes: new Map(),
    parseTarget,
  })
  return loaded.ok ? loaded.config.sources!.zeek[0]!.options : loaded.problems.map(problemText)
}

describe('traffic that is expected', () => {
  it('is named once for every detector that asks, beside what one is told', () => {
    const options = zeek(
      'ignore: [10.0.0.5, 10.9.0.0/24], allow: [example.org], options: { port_scan: { ports: 30, ignore: [10.0.0.6] } }',
    ) as Record<string, unknown>
    assert.deepEqual(options.port_scan, { ports: 30, ignore: ['10.0.0.5', '10.9.0.0/24', '10.0.0.6'] })
    assert.deepEqual(options.beaconing, { ignore: ['10.0.0.5', '10.9.0.0/24'], allow: ['example.org'] })
    assert.deepEqual(options.self_signed_tls, { ignore: ['10.0.0.5', '10.9.0.0/24'] })
    assert.deepEqual(Object.keys(options).toSorted(), [...detectorTypes.keys()].toSorted())
    assert.deepEqual(zeek('backfill: true'), {})
  })

  it('names what is no network', () => {
    assert.match((zeek('ignore: [10.0.0.5, ten]') as string[])[0]!, /ignore: ten is not an address or a network/)
  })
})
