import { type DetectionType, detectionEvent } from '#core/event/detection.ts'
import { prometheusAlert, prometheusEvent } from '#core/event/prometheus-alert.ts'
import type { Severity } from '#core/event/severity.ts'
import type { NotificationFacts } from '#core/message/notification-facts.ts'
import type { JsonObject } from '#lib/json.ts'
import { at, eventFacts, type MessageCase, messageCase, recovery, SINCE } from '../case.ts'

const detection = (
  detectionType: DetectionType,
  severity: Severity,
  ip: string | undefined,
  reason: string,
  fields: JsonObject,
  evidence: JsonObject = {},
  subject?: string,
) =>
  eventFacts(
    detectionEvent({
      detectionType,
      severity,
      ip,
      ...(subject !== undefined && { subject }),
      at: SINCE,
      firstSeenMs: SINCE - 300_000,
      lastSeenMs: SINCE,
      reason,
      evidence,
      fields,
    }),
    { rule: 'detecciones' },
  )

const scan = detection('port_scan', 'CRITICAL', '203.0.113.7', '203.0.113.7 scanned 4504 ports of 12 hosts', {
  ports_count: 4504,
  hosts_count: 12,
  protocol: 'tcp',
  scan: 'block',
})
const beacon = detection(
  'beaconing',
  'HIGH',
  '198.51.100.199',
  '198.51.100.199 calls c2.example every 60.2 s (41 times)',
  { dest_ip: '192.0.2.44', dest_port: 443, domain: 'c2.example', connections: 41, mean_interval: 60.4 },
  { median_interval_s: 60.2 },
)
const tunnel = detection(
  'dns_tunneling',
  'HIGH',
  '10.1.2.3',
  '10.1.2.3 asked 812 different names below t.example in 903 queries',
  { domain: 't.example', dest_ip: '10.0.0.53', dest_port: 53, queries: 903, query_type: 'TXT' },
  { unique_names: 812 },
)
const generated = detection(
  'dga',
  'MEDIUM',
  '10.1.2.3',
  '10.1.2.3 looks up names that a program seems to have made, such as xkqjzvpw.example',
  { domain: 'xkqjzvpw.example', domains_count: 14, names: ['xkqjzvpw.example'] },
)
const long = detection(
  'long_connection',
  'MEDIUM',
  '10.1.2.3',
  '10.1.2.3 was connected to 192.0.2.44 for 26.4 hours',
  { dest_ip: '192.0.2.44', dest_port: 443, protocol: 'tcp' },
  { total_s: 95_040 },
)
const strobe = detection('strobe', 'HIGH', '10.1.2.3', '10.1.2.3 called 192.0.2.44 250,000 times within a day', {
  dest_ip: '192.0.2.44',
  dest_port: 8443,
  connection_count: 250_000,
})
const certificate = (type: 'ssl_self_signed' | 'ssl_expired' | 'ssl_not_yet_valid', words: string) =>
  detection(type, 'MEDIUM', '10.1.2.3', `The certificate of portal.example for 10.1.2.3 ${words}`, {
    dest_ip: '192.0.2.44',
    dest_port: 443,
    server_name: 'portal.example',
  })
const notice = detection(
  'zeek_notice',
  'HIGH',
  '203.0.113.7',
  '203.0.113.7 appears to be guessing SSH passwords (seen in 30 connections).',
  { note: 'SSH::Password_Guessing', dest_ip: '10.0.0.5' },
  { notices: 1 },
)

const port = (
  problem: string,
  severity: Severity,
  value: number,
  limit: number,
  state: 'firing' | 'resolved' = 'firing',
) =>
  eventFacts({ type: 'port_state', severity, subject: 'port 443', data: { port: 443, problem, state, value, limit } })

const ban = (facts: JsonObject = {}, more: Partial<NotificationFacts> = {}) =>
  eventFacts(
    {
      type: 'fail2ban_ban',
      severity: 'MEDIUM',
      subject: '203.0.113.30',
      data: {
        ip: '203.0.113.30',
        jail: 'sshd',
        failures: 5,
        bantime: 600,
        expiry: '2026-11-21T06:22:04.000Z',
        ...facts,
      },
    },
    { rule: 'bloqueos', ...more },
  )

const wave: Partial<NotificationFacts> = {
  ...ban(),
  subject: 'sshd',
  rule: 'ola de bloqueos',
  rate: { at_least: 20, within_ms: 600_000, distinct: 'ip' },
}

const intrusion = eventFacts(
  {
    type: 'ids',
    severity: 'HIGH',
    subject: '198.51.100.9',
    data: {
      ip: '198.51.100.9',
      dest_ip: '10.0.0.5',
      dest_port: 445,
      signature: 'ET EXPLOIT Possible ETERNALBLUE MS17-010',
      category: 'Attempted Administrator Privilege Gain',
    },
  },
  { rule: 'IDS' },
)

const prediction = eventFacts(
  {
    type: 'ml_prediction',
    severity: 'HIGH',
    subject: '198.51.100.9',
    data: { ip: '198.51.100.9', attack_type: 'ddos', confidence: 94, ml_confidence: 0.94, model: 'rf-3' },
  },
  { rule: 'predicciones' },
)

const crowdsec = eventFacts({
  type: 'crowdsec_decision',
  severity: 'MEDIUM',
  subject: '203.0.113.8',
  data: { ip: '203.0.113.8', scenario: 'crowdsecurity/ssh-bf', action: 'ban', country: 'NL' },
})

const story = eventFacts({
  type: 'correlation',
  severity: 'CRITICAL',
  subject: '203.0.113.7',
  data: {
    ip: '203.0.113.7',
    kinds: ['port_scan', 'fail2ban_ban'],
    reason: '203.0.113.7: port_scan, fail2ban_ban within an hour',
    first_seen: new Date(at('02:40:00')).toISOString(),
    last_seen: new Date(SINCE).toISOString(),
    timeline: [],
  },
})

const disk = (status: 'firing' | 'resolved') => {
  const { type, severity, subject, data } = prometheusEvent(
    prometheusAlert({
      labels: { alertname: 'DiskFull', instance: 'db-1:9100', severity: 'critical', mountpoint: '/var' },
      annotations: { summary: '/var of db-1 is 98 % full' },
      startsAt: SINCE,
      endsAt: SINCE + 3_600_000,
      generatorUrl: 'http://prometheus.isp.example/graph?g0.expr=up',
    }),
    status,
    SINCE + 20_000,
  )
  return eventFacts({ type, severity, subject, data })
}

const own = eventFacts(
  { type: 'ups', severity: 'HIGH', subject: 'UPS sala 2', data: { reason: 'En baterías', minutes_left: 12 } },
  { rule: 'energía' },
)

const HOUR = 3_600_000

export const eventCases: readonly MessageCase[] = [
  messageCase('port scan', 'first', scan),
  messageCase('port scan, goes on', 'repeat', scan, at('03:40:00')),
  messageCase('port scan, reminder', 'reminder', { ...scan, reminderNumber: 1 }, at('04:12:04')),
  messageCase('port scan, escalated', 'escalated', scan, at('03:27:04')),
  recovery('port scan, over', { ...scan, resolvedBy: 'time' }, HOUR),
  recovery('port scan, closed by hand', { ...scan, resolvedBy: 'hand', closedBy: 'Laura P.' }, HOUR),
  messageCase('beaconing', 'first', beacon),
  messageCase('beaconing, escalated', 'escalated', beacon, at('03:27:04')),
  messageCase('DNS tunnel', 'first', tunnel),
  messageCase('generated names', 'first', generated),
  messageCase('long connection', 'first', long),
  messageCase('strobe', 'first', strobe),
  messageCase('self-signed certificate', 'first', certificate('ssl_self_signed', 'is self-signed')),
  messageCase('expired certificate', 'first', certificate('ssl_expired', 'has expired')),
  messageCase('certificate of the future', 'first', certificate('ssl_not_yet_valid', 'is not valid yet')),
  messageCase('notice of Zeek', 'first', notice),
  messageCase('correlation', 'first', story),
  messageCase('intrusion detection', 'first', intrusion),
  messageCase('prediction', 'first', prediction),
  messageCase('decision of CrowdSec', 'first', crowdsec),
  messageCase('ban', 'first', ban()),
  messageCase('ban by hand', 'first', ban({ manual: true, bantime: 3600, comment: 'barrido', by: 'laura' })),
  messageCase('ban wave', 'first', wave),
  recovery('ban wave, over', { ...wave, resolvedBy: 'time' }, HOUR),
  messageCase('bans of one address', 'first', ban({}, { rate: { at_least: 3, within_ms: HOUR } })),
  messageCase('scans in a row', 'first', { ...scan, rate: { at_least: 5, within_ms: 600_000 } }),
  messageCase('SYN flood', 'first', port('syn_flood', 'CRITICAL', 812, 256)),
  messageCase('connections not closed', 'first', port('close_wait_leak', 'MEDIUM', 340, 100)),
  messageCase('local ports run out', 'first', port('time_wait_exhaustion', 'HIGH', 22_600, 22_585)),
  messageCase('nothing listens', 'first', port('listener_gone', 'HIGH', 0, 1)),
  messageCase('accept queue full', 'first', port('accept_queue_overflow', 'HIGH', 129, 128)),
  recovery('SYN flood, over', port('syn_flood', 'CRITICAL', 12, 256, 'resolved'), 426_000),
  messageCase('alert of Prometheus', 'first', disk('firing')),
  recovery('alert of Prometheus, over', disk('resolved'), HOUR),
  messageCase('event of one’s own', 'first', own),
]
