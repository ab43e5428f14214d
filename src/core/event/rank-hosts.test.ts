import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { detectionEvent, type Finding } from './detection.ts'
import { rankHosts } from './rank-hosts.ts'

const finding = (ip: string, detectionType: Finding['detectionType'], more: Partial<Finding> = {}) =>
  detectionEvent({
    detectionType,
    severity: 'MEDIUM',
    ip,
    at: 1000,
    firstSeenMs: 0,
    lastSeenMs: 1000,
    reason: `${ip} ${detectionType}`,
    evidence: {},
    ...more,
  })
const isOwn = (ip: string) => ip.startsWith('10.')
const order = (events: Parameters<typeof rankHosts>[0]) => rankHosts(events, isOwn).map(({ ip }) => ip)

describe('who should be looked at', () => {
  it('weak signs of several kinds stand above one that is stronger', () => {
    const events = [
      finding('10.0.0.1', 'dga'),
      finding('10.0.0.2', 'long_connection', { severity: 'LOW', weak: true }),
      finding('10.0.0.2', 'port_scan', { severity: 'LOW' }),
      finding('10.0.0.2', 'beaconing', { severity: 'MEDIUM' }),
    ]
    assert.deepEqual(order(events), ['10.0.0.2', '10.0.0.1'])
    const [first] = rankHosts(events, isOwn)
    assert.deepEqual(
      first!.reasons.map(({ kind, points }) => `${kind} ${points}`),
      ['beaconing 5', 'port_scan 2', 'long_connection 1'],
    )
    assert.equal(first!.score, 8)
  })

  it('more of the same adds little, and two views of one matter nothing', () => {
    const same = Array.from({ length: 10 }, () => finding('10.0.0.1', 'ssl_expired', { severity: 'LOW' }))
    assert.equal(rankHosts(same, isOwn)[0]!.score, 2.5)
    const views = [finding('10.0.0.1', 'dga'), finding('10.0.0.1', 'dns_tunneling')]
    assert.equal(rankHosts(views, isOwn)[0]!.score, 5)
  })

  it('hosts of ours come before strangers who do the same, and what is no host is left out', () => {
    assert.deepEqual(order([finding('198.51.100.7', 'port_scan'), finding('10.0.0.1', 'port_scan')]), [
      '10.0.0.1',
      '198.51.100.7',
    ])
    const recovered = { ...finding('10.0.0.1', 'dga'), monitorId: 3 }
    assert.deepEqual(order([recovered, { ...finding('10.0.0.1', 'dga'), type: 'correlation' }]), [])
  })
})
