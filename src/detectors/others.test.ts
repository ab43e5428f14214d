import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DetectionType } from '#core/event/detection.ts'
import { detectionEvent } from '#core/event/detection.ts'
import type { LogRecord } from '#core/event/record.ts'
import type { Severity } from '#core/event/severity.ts'
import type { JsonObject } from '#lib/json.ts'
import { conn, notice, START_MS, ssl, x509 } from '../../test/fixtures/zeek-records.ts'
import { createCorrelation } from './correlation.ts'
import { detectorTypes } from './index.ts'
import { createDetections } from './run.ts'

const run = (name: string, records: readonly LogRecord[], options: JsonObject = {}) => {
  const detections = createDetections([detectorTypes.get(name)!], { [name]: options })
  return [...records.flatMap((record) => detections.observe(record)), ...detections.flush()]
}

const typesOf = (events: ReturnType<typeof run>) => events.map(({ data }) => data.detection_type)
const HOUR_MS = 3_600_000

describe('certificates', () => {
  const hash = 'a'.repeat(64)

  it('believes the validation of the log, in old words and new', () => {
    const statuses = [
      'self signed certificate',
      'self-signed certificate',
      'certificate has expired',
      'certificate is not yet valid',
      'ok',
      'unable to get local issuer certificate',
    ]
    const events = statuses.flatMap((validationStatus) => run('self_signed_tls', [ssl(0, { validationStatus })]))
    assert.deepEqual(typesOf(events), ['ssl_self_signed', 'ssl_self_signed', 'ssl_expired', 'ssl_not_yet_valid'])
  })

  it('joins the certificate where the log has no validation, whichever comes first', () => {
    const self = x509(0, { certificateId: hash, subject: 'CN=me', issuer: 'CN=me' })
    const meeting = ssl(0, { chain: [hash] })
    for (const records of [
      [self, meeting],
      [meeting, self],
    ]) {
      const [event] = run('self_signed_tls', records)
      assert.partialDeepStrictEqual(event!.data, {
        detection_type: 'ssl_self_signed',
        fingerprint: hash,
        issuer: 'CN=me',
      })
    }
    const late = x509(0, { certificateId: hash, notAfterMs: START_MS - 1 })
    const early = x509(0, { certificateId: hash, notBeforeMs: START_MS + HOUR_MS })
    assert.deepEqual(typesOf(run('self_signed_tls', [late, meeting])), ['ssl_expired'])
    assert.deepEqual(typesOf(run('self_signed_tls', [early, meeting])), ['ssl_not_yet_valid'])
    assert.deepEqual(run('self_signed_tls', [x509(0, { certificateId: hash }), meeting]), [])
  })

  it('a certificate without subject and issuer says nothing', () => {
    assert.deepEqual(
      run('self_signed_tls', [
        x509(0, { certificateId: hash, subject: undefined, issuer: undefined }),
        ssl(0, { chain: [hash] }),
      ]),
      [],
    )
  })

  it('tells a server once a day, also where files are numbered anew, and a scanner of servers in few words', () => {
    const again = Array.from({ length: 50 }, (_, index) =>
      ssl(index * 60, { chain: [`F${index}`], subject: 'CN=a', validationStatus: 'self signed certificate' }),
    )
    assert.equal(run('self_signed_tls', again).length, 1)
    const many = Array.from({ length: 500 }, (_, index) =>
      ssl(index, { serverIp: `203.0.${index >> 8}.${index & 255}`, validationStatus: 'self signed certificate' }),
    )
    assert.ok(run('self_signed_tls', many).length <= 28)
  })
})

describe('notices', () => {
  it('have the severities that are documented', () => {
    const severities = ['Scan::Port_Scan', 'SSH::Password_Guessing', 'Weird::Activity', 'SSL::Invalid_Server_Cert'].map(
      (note) => run('zeek_notice', [notice(0, note)])[0]!.severity,
    )
    assert.deepEqual(severities, ['CRITICAL', 'HIGH', 'LOW', 'MEDIUM'])
  })

  it('are told once a day for each source, with their name', () => {
    const events = run('zeek_notice', [notice(0, 'SSH::Password_Guessing'), notice(60, 'SSH::Password_Guessing')])
    assert.equal(events.length, 1)
    assert.partialDeepStrictEqual(events[0]!.data, { note: 'SSH::Password_Guessing', ip: '198.51.100.7' })
    assert.equal(
      run('zeek_notice', [notice(0, 'CaptureLoss::Too_Much_Loss', { sourceIp: undefined })])[0]!.subject,
      'CaptureLoss::Too_Much_Loss',
    )
    assert.deepEqual(run('zeek_notice', [notice(0, 'A::B')], { leave_out: ['A::B'] }), [])
  })
})

describe('long connections and strobes', () => {
  it('adds up the hours of a pair', () => {
    const parts = Array.from({ length: 5 }, (_, index) =>
      conn(index * 3 * 3600, { durationMs: 2.9 * HOUR_MS, serverPort: 4444 }),
    )
    assert.deepEqual(
      run('long_connection', parts).map(({ severity }) => severity),
      ['LOW'],
    )
    assert.deepEqual(run('long_connection', [conn(0, { durationMs: 20 * HOUR_MS, serverIp: '10.0.0.9' })]), [])
    assert.equal(run('long_connection', [conn(0, { durationMs: 21 * HOUR_MS })])[0]!.severity, 'HIGH')
  })

  it('tells a strobe once', () => {
    const calls = Array.from({ length: 3000 }, (_, index) => conn(index))
    assert.equal(run('strobe', calls, { connections: 2000 }).length, 1)
    assert.deepEqual(run('strobe', calls), [])
  })
})

describe('correlation', () => {
  const event = (detectionType: DetectionType, severity: Severity, atMinutes: number, ip = '10.0.0.5') => {
    const at = START_MS + atMinutes * 60_000
    return detectionEvent({
      detectionType,
      severity,
      ip,
      at,
      firstSeenMs: at,
      lastSeenMs: at,
      reason: detectionType,
      evidence: {},
    })
  }
  const feed = (events: readonly ReturnType<typeof event>[]) => {
    const correlation = createCorrelation()
    return events.flatMap((one) => correlation.observe([one]).events.filter(({ type }) => type === 'correlation'))
  }

  it('tells several signals about one address within an hour as one story', () => {
    const [story, ...more] = feed([
      event('port_scan', 'HIGH', 0),
      event('port_scan', 'HIGH', 5),
      event('beaconing', 'CRITICAL', 50),
      event('dga', 'MEDIUM', 55),
    ])
    assert.equal(more.length, 0)
    assert.equal(story!.severity, 'CRITICAL')
    assert.deepEqual(story!.data.kinds, ['port_scan', 'beaconing'])
    assert.equal((story!.data.timeline as unknown[]).length, 3)
  })

  it('says nothing of one kind, of two views of one matter, of small things, of other addresses or hours', () => {
    assert.deepEqual(feed([event('dga', 'CRITICAL', 0), event('dga', 'CRITICAL', 1)]), [])
    assert.deepEqual(feed([event('ssl_expired', 'CRITICAL', 0), event('ssl_self_signed', 'CRITICAL', 1)]), [])
    assert.deepEqual(feed([event('port_scan', 'LOW', 0), event('long_connection', 'LOW', 1)]), [])
    assert.deepEqual(feed([event('port_scan', 'CRITICAL', 0), event('dga', 'CRITICAL', 1, '10.0.0.6')]), [])
    assert.deepEqual(feed([event('port_scan', 'CRITICAL', 0), event('dga', 'CRITICAL', 61)]), [])
  })

  it('says nothing of the end of a ban, of a recovery, or of a monitor', () => {
    const ban = { ...event('port_scan', 'HIGH', 0), type: 'fail2ban_ban', data: { ip: '10.0.0.5', jail: 'sshd' } }
    const lifted = { ...ban, type: 'fail2ban_action', data: { ip: '10.0.0.5', action: 'unban' } }
    const ended = { ...ban, type: 'prometheus_alert', data: { ip: '10.0.0.5', status: 'resolved' } }
    assert.deepEqual(feed([ban, lifted, ended, { ...ban, type: 'monitor_state', monitorId: 7 }]), [])
    assert.deepEqual(feed([ban, event('port_scan', 'LOW', 1), event('port_scan', 'HIGH', 2)])[0]!.data.kinds, [
      'fail2ban_ban',
      'port_scan',
    ])
  })

  it('puts a story before the event that completes it, and tells it again when that could not be stored', () => {
    const correlation = createCorrelation()
    correlation.observe([event('port_scan', 'HIGH', 0)])
    const both = [event('beaconing', 'CRITICAL', 10), event('dga', 'MEDIUM', 11)]
    const kinds = () => correlation.observe(both).events.map(({ type, data }) => data.detection_type ?? type)
    const first = correlation.observe(both)
    first.undo()
    assert.deepEqual(kinds(), ['correlation', 'beaconing', 'dga'])
    assert.deepEqual(kinds(), ['beaconing', 'dga'])
  })

  it('remembers the last fifty signals of an address within an hour, and forgets what could not be stored', () => {
    const correlation = createCorrelation()
    for (let index = 0; index <= 60; index++) correlation.observe([event('port_scan', 'LOW', index / 60)])
    correlation.observe([event('beaconing', 'HIGH', 2)]).undo()
    const [story] = correlation.observe([event('dga', 'HIGH', 3)]).events
    const { kinds, timeline } = story!.data as { kinds: string[]; timeline: { at: string }[] }
    assert.deepEqual(kinds, ['port_scan', 'dga'])
    assert.equal(timeline.length, 50)
    assert.equal(timeline[0]!.at, new Date(START_MS + 12_000).toISOString())
    const later = correlation.observe([event('port_scan', 'LOW', 70), event('beaconing', 'HIGH', 71)])
    assert.deepEqual((later.events[1]!.data as { kinds: string[] }).kinds, ['port_scan', 'beaconing'])
  })
})
