import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LogRecord } from '#core/event/record.ts'
import type { ConnRecord, HttpRecord } from '#core/event/zeek-record.ts'
import type { JsonObject } from '#lib/json.ts'
import { conn, failed, noise, ssl } from '../../test/fixtures/zeek-records.ts'
import { scoreBeacon } from './beacon-score.ts'
import { detectorTypes } from './index.ts'
import { createDetections } from './run.ts'

const run = (records: Iterable<LogRecord>, options: JsonObject = {}) => {
  const detections = createDetections([detectorTypes.get('beaconing')!], { beaconing: options })
  return [...[...records].flatMap((record) => detections.observe(record)), ...detections.flush()]
}

const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** Every `everyS` seconds, give or take a tenth, for `hours`. */
const beacon = (hours: number, everyS: number, fields: Partial<ConnRecord> = {}) =>
  times(Math.floor((hours * 3600) / everyS), (index) =>
    conn(index * everyS + ((index * 7) % 11) * 0.01 * everyS, fields),
  )

/** As people browse: at odd moments, odd amounts. */
const browsing = (hours: number, fields: Partial<ConnRecord> = {}) =>
  times(hours * 30, (index) => {
    const odd =
      noise(index, 6)
        .split('')
        .reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100_000
    return conn((odd / 100_000) ** 2 * hours * 3600, { clientIpBytes: 200 + odd, ...fields })
  }).sort((a, b) => a.timeMs - b.timeMs)

describe('the score', () => {
  const even = Uint32Array.from({ length: 240 }, (_, index) => index * 360)
  it('is one for a clock', () => {
    assert.equal(scoreBeacon(even, new Uint32Array(240).fill(100), 0, 86_400)!.total, 1)
  })
  it('has the parts of its formula', () => {
    // Intervals 10, 10, 10, 40: quartiles 10, 10, 25, so no skew; no deviation from the median of 10.
    const score = scoreBeacon(Uint32Array.of(0, 10, 20, 30, 70), Uint32Array.of(0, 0, 0, 0, 0), 0, 86_400)!
    assert.equal(score.intervals, 1)
    assert.equal(score.sizes, 0.5)
    assert.equal(score.duration, 0)
    assert.equal(score.histogram, 0)
  })
  it('says nothing about a few moments', () => {
    assert.equal(scoreBeacon(Uint32Array.of(0, 0, 5, 5), new Uint32Array(4), 0, 10), undefined)
  })
})

describe('beaconing', () => {
  it('finds a rhythm, once', () => {
    const events = run(
      [...beacon(12, 300), ...browsing(12, { clientIp: '10.0.0.6' })].sort((a, b) => a.timeMs - b.timeMs),
    )
    assert.equal(events.length, 1)
    assert.partialDeepStrictEqual(events[0], { severity: 'CRITICAL', subject: '10.0.0.5' })
    assert.partialDeepStrictEqual(events[0]!.data, {
      detection_type: 'beaconing',
      dest_ip: '203.0.113.9',
      dest_port: 443,
    })
  })

  it('finds one whose server is gone', () => {
    assert.equal(run(times(100, (index) => failed(index * 120, { serverPort: 8081 }))).length, 1)
  })

  it('finds a fast one within minutes', () => {
    assert.equal((run(times(150, (index) => conn(index)))[0]!.data.evidence as JsonObject).test, 'burst')
  })

  it('finds the name behind a proxy, and not the proxy', () => {
    const connect = (index: number): HttpRecord => ({
      ...ssl(index * 300),
      kind: 'http',
      uid: `C${index}`,
      method: 'CONNECT',
      host: 'cover.example.org',
      uri: 'cover.example.org:443',
      userAgent: undefined,
    })
    const records = times(120, (index) => [
      connect(index),
      conn(index * 300, { uid: `C${index}`, service: 'http,ssl', serverIp: '10.0.0.2', serverPort: 3128 }),
    ]).flat()
    const events = run(records)
    assert.equal(events.length, 1)
    assert.equal(events[0]!.data.domain, 'cover.example.org')
  })

  it('keeps quiet about browsing, routine services, neighbours, time servers and middles of connections', () => {
    assert.deepEqual(run(browsing(24)), [])
    const update = times(200, (index) => [
      ssl(index * 300, { uid: `C${index}`, serverName: 'fe2.update.microsoft.com' }),
      conn(index * 300, { uid: `C${index}`, service: 'ssl' }),
    ]).flat()
    assert.deepEqual(run(update), [])
    assert.deepEqual(run(beacon(12, 300, { serverIp: '10.0.0.80' })), [])
    assert.deepEqual(run(beacon(12, 300, { proto: 'udp', serverPort: 123 })), [])
    assert.deepEqual(run(beacon(12, 300, { state: 'OTH', history: 'Dd' })), [])
  })

  it('does not believe a routine name with a certificate that proves nothing', () => {
    const faked = times(200, (index) => [
      ssl(index * 300, {
        uid: `C${index}`,
        serverName: 'www.microsoft.com',
        validationStatus: 'self signed certificate',
      }),
      conn(index * 300, { uid: `C${index}`, service: 'ssl' }),
    ]).flat()
    assert.equal(run(faked).length, 1)
  })

  it('a caller from outside is worth less, and only when let in', () => {
    const outside = { clientIp: '198.51.100.7', serverIp: '10.0.0.5' }
    assert.equal(run(beacon(20, 300, outside))[0]!.severity, 'MEDIUM')
    assert.deepEqual(run(times(200, (index) => failed(index * 300, outside))), [])
  })

  it('names that are allowed may call', () => {
    const own = times(200, (index) => [
      ssl(index * 300, { uid: `C${index}`, serverName: 'agent.example.org' }),
      conn(index * 300, { uid: `C${index}`, service: 'ssl' }),
    ]).flat()
    assert.equal(run(own).length, 1)
    assert.deepEqual(run(own, { allow: ['example.org'] }), [])
  })
})
