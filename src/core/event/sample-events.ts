import type { JsonObject } from '#lib/json.ts'
import { DETECTION_FIELD, ZEEK_DETECTION } from './detection.ts'
import type { NewEvent } from './event.ts'
import { ML_PREDICTION } from './prediction.ts'

/** Events as they come, with all that they may tell and with the least: what is not known is null, or not there. */

const IP = '203.0.113.7'
const WHERE = { country: 'AR', owner: 'Example ISP', asn: 64_500 }
const BAN = { ip: IP, jail: 'sshd', timestamp: '2026-11-21 07:20:12', reason: 'banned by fail2ban' }

const BANS: readonly JsonObject[] = [
  { ...BAN, failures: 5, bantime: 600, expiry: '2026-11-21T10:30:12.000Z', ...WHERE },
  { ...BAN, failures: null, bantime: -1, expiry: null },
  { ...BAN, failures: null, bantime: null, expiry: null, manual: true, by: 'ana', comment: 'by hand' },
]

const PREDICTIONS: readonly JsonObject[] = [
  { ip: IP, ml_confidence: 0.95, confidence: 95, reason: 'looks like a scan', ...WHERE },
  { ip: IP, ml_confidence: 0.95, confidence: 95 },
]

const SEEN = { first_seen: '2026-11-21T10:00:00.000Z', last_seen: '2026-11-21T10:20:12.000Z', reason: 'seen' }
const SERVER = { dest_ip: '198.51.100.9', dest_port: 443 }
const BEACON = { connection_count: 41, connections: 41, regularity: 0.9, mean_interval: 60.2, direction: 'outbound' }
const NAMED = { domain: 'c2.example', server_name: 'c2.example' }
const KINDS: readonly (readonly [kind: string, fields: JsonObject])[] = [
  ['port_scan', { ...SERVER, ports_count: 60, hosts_count: 1, protocol: 'tcp', scan: 'vertical' }],
  ['port_scan', { ports_count: 0, hosts_count: 25, protocol: 'icmp', scan: 'horizontal' }],
  ['dns_tunneling', { ...SERVER, domains_count: 1, queries: 500, query_type: 'TXT' }],
  ['beaconing', { ...SERVER, ...NAMED, ...BEACON }],
  ['beaconing', { ...SERVER, ...BEACON }],
  ['long_connection', { ...SERVER, protocol: 'tcp' }],
  ['strobe', { ...SERVER, protocol: 'tcp', connection_count: 90_000 }],
]
const DETECTIONS: readonly JsonObject[] = KINDS.flatMap(([kind, fields]) =>
  [WHERE, {}].map((where) => ({ [DETECTION_FIELD]: kind, ip: IP, ...fields, ...SEEN, ...where })),
)

const STATE = {
  monitor: 'POP-07',
  target: '10.7.0.1',
  since: 1_795_000_000_000,
  previous_state: 'up',
  cause: 'no answer',
}
const STATES: readonly JsonObject[] = [
  { ...STATE, state: 'down', code: 'timeout' },
  { ...STATE, state: 'degraded', code: 'slow', latency_ms: 412.5 },
]

const SAMPLES: ReadonlyMap<string, readonly JsonObject[]> = new Map([
  ['fail2ban_ban', BANS],
  [ML_PREDICTION, PREDICTIONS],
  [ZEEK_DETECTION, DETECTIONS],
  ['monitor_state', STATES],
])

/** Events of a type that this server knows, as rules may come to see them; none of types that others make up. */
export const sampleEvents = (type: string, at: number): readonly NewEvent[] =>
  (SAMPLES.get(type) ?? []).map((data) => ({
    type,
    source: 'sample',
    severity: 'CRITICAL',
    subject: String(data.ip ?? data.monitor),
    at,
    receivedAt: at,
    monitorId: null,
    data,
  }))
