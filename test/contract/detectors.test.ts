import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DETECTION_TYPES, ZEEK_DETECTION } from '#core/event/detection.ts'
import type { NewEvent } from '#core/event/event.ts'
import { type LogRecord, writtenAt } from '#core/event/record.ts'
import { severityRank } from '#core/event/severity.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections } from '#detectors/run.ts'
import { conn, dns, failed, noise, notice, ssl, x509 } from '../fixtures/zeek-records.ts'

/** Any text where a log would have a name or an address. */
const text = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.constantFrom('', '.', '..', 'a.b', '10.0.0.1', '::1', '__proto__'),
)
const at = fc.double({ min: -1e9, max: 1e9, noNaN: true })

const anyRecord: fc.Arbitrary<LogRecord> = fc.oneof(
  fc
    .record({
      at,
      clientIp: text,
      serverIp: text,
      serverPort: fc.nat(),
      proto: text,
      history: text,
      durationMs: fc.nat(),
    })
    .map(({ at: when, ...fields }) => conn(when, fields)),
  fc
    .tuple(at, text, fc.option(text, { nil: undefined }))
    .map(([when, query, queryType]) => dns(when, query, { queryType, responseCode: 'NXDOMAIN' })),
  fc
    .tuple(at, text, text)
    .map(([when, serverName, status]) => ssl(when, { serverName, validationStatus: status, chain: [serverName] })),
  fc.tuple(at, text, text).map(([when, id, subject]) => x509(when, { certificateId: id, subject, issuer: subject })),
  fc.tuple(at, text, text).map(([when, note, sourceIp]) => notice(when, note, { sourceIp })),
)

/** Half a day with something for everybody, in the order in which Zeek writes. */
const eventful = (): LogRecord[] =>
  Array.from({ length: 1500 }, (_, index) => [
    conn(index * 30, { clientIp: '10.0.0.7' }),
    failed(index * 30, { clientIp: '198.51.100.7', serverIp: '10.0.0.5', serverPort: index + 1 }),
    dns(index * 30, `${noise(index, 40)}.example.org`, { clientIp: '10.0.0.8', queryType: 'TXT' }),
    dns(index * 30, `${noise(index, 13)}.com`, { clientIp: '10.0.0.9', responseCode: 'NXDOMAIN' }),
    ssl(index * 30, { validationStatus: 'self signed certificate' }),
    notice(index * 30, 'Scan::Port_Scan'),
    conn(index * 30, { clientIp: '10.0.0.10', durationMs: 1_800_000, serverPort: 4444 }),
  ])
    .flat()
    .sort((a, b) => writtenAt(a) - writtenAt(b))

const run = (names: readonly string[], records: readonly LogRecord[]): NewEvent[] => {
  const detections = createDetections(
    names.map((name) => detectorTypes.get(name)!),
    { strobe: { connections: 1000 } },
  )
  return [...records.flatMap((record) => detections.observe(record)), ...detections.flush()]
}

const checkEvent = (event: NewEvent): void => {
  assert.equal(event.type, ZEEK_DETECTION)
  assert.ok(DETECTION_TYPES.includes(event.data.detection_type as never))
  assert.ok(severityRank(event.severity) >= 0)
  assert.ok(event.subject !== '' && String(event.data.reason) !== '')
  assert.ok(Date.parse(String(event.data.first_seen)) <= Date.parse(String(event.data.last_seen)))
  assert.equal(typeof event.data.evidence, 'object')
  assert.deepEqual(JSON.parse(JSON.stringify(event)), event)
}

/** What is off until it is chosen says nothing here; its own tests are in `test/integration/flow-classifier.test.ts`. */
const always = [...detectorTypes.values()].filter(({ load }) => load === undefined)

for (const type of always)
  describe(`detector ${type.name}`, () => {
    const records = eventful()

    it('raises events with the documented fields, few of them', () => {
      const events = run([type.name], records)
      assert.ok(events.length >= 1 && events.length <= 12, `${events.length} events`)
      events.forEach(checkEvent)
    })

    it('says the same again, and beside the others', () => {
      const alone = run([type.name], records)
      assert.deepEqual(run([type.name], records), alone)
      const types = new Set(alone.map(({ source }) => source))
      const among = run([...detectorTypes.keys()], records).filter(({ source }) => types.has(source))
      assert.deepEqual(among, alone)
    })

    it('stands any record, in any order', () => {
      fc.assert(
        fc.property(fc.array(anyRecord, { maxLength: 60 }), (any) => {
          for (const event of run([type.name], any)) JSON.stringify(event)
        }),
        { numRuns: 100 },
      )
    })
  })
