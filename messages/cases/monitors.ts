import { because } from '#core/cause/cause.ts'
import { qualityCause } from '#core/monitor/quality-facts.ts'
import { at, type MessageCase, messageCase, recovery, refused, SINCE, told } from '../case.ts'

const POP = {
  severity: 'CRITICAL',
  subject: 'POP-07',
  monitor: 'POP-07',
  target: '10.7.0.1',
  state: 'down',
  previousState: 'up',
  code: 'timeout',
  ...told(because('pings_unanswered', { sent: 5, address: '10.7.0.1' })),
  attempts: 3,
  labels: { site: 'POP-07', tier: 'pop' },
  location: 'Ruta 9 km 42, sala 2',
  description: 'Nodo de Oncativo',
  runbook: 'https://wiki.isp.example/pop-07',
  nextDueAt: at('04:12:45'),
} as const

const BEHIND = {
  lastHop: 'core-2 (10.0.0.2)',
  lastHopMonitor: 'core-2',
  affected: { count: 28, subscribers: 412, names: ['olt-07a', 'olt-07b', 'cpe-0711'], down: ['olt-07a'] },
} as const

const back = { state: 'up', previousState: 'down' } as const
const HOURS = 9_066_000

const SHOP = {
  severity: 'HIGH',
  subject: 'Facturación',
  monitor: 'Facturación',
  target: 'https://facturas.isp.example/salud',
  state: 'down',
  previousState: 'up',
  code: 'status_mismatch',
  ...told(because('status_mismatch', { target: 'facturas.isp.example', status: 500, expected: '2xx' })),
  attempts: 2,
  nextDueAt: at('04:12:45'),
} as const

const figures = { loss: 0.14, rtt_p95: 184.5, jitter: 36, packets_sent: 225, packets_lost: 31, over_ms: 300_000 }
const poor = (code: 'packet_loss' | 'slow' | 'jitter') =>
  ({
    severity: 'MEDIUM',
    subject: 'Enlace Oncativo',
    monitor: 'Enlace Oncativo',
    target: '10.7.3.1',
    state: 'degraded',
    previousState: 'up',
    code,
    quality: { code, ...figures },
    ...told(qualityCause(code, figures)),
    location: 'Torre Oncativo',
    nextDueAt: at('04:12:45'),
  }) as const

const CERTIFICATE = {
  ...SHOP,
  severity: 'LOW',
  subject: 'Certificado portal',
  monitor: 'Certificado portal',
  target: 'tls://portal.isp.example:443',
} as const

const LONG = {
  severity: 'LOW',
  subject: 'Clínica San Roque · Alta Córdoba · fibra 200M · CPE principal y respaldo',
  monitor: 'Clínica San Roque · Alta Córdoba · fibra 200M · CPE principal y respaldo',
  target: '10.44.12.207',
  state: 'down',
  previousState: 'up',
  code: 'refused',
  ...refused,
} as const

const BACKUP = {
  severity: 'MEDIUM',
  subject: 'Copia nocturna',
  monitor: 'Copia nocturna',
  target: 'called every 1d',
  state: 'down',
  previousState: 'up',
  code: 'push_missing',
  ...told(because('push_missing', { duration: '25 h', period: '1d' })),
} as const

const ACK = { by: 'Laura P. (by link)', at: new Date(at('03:20:00')).toISOString(), note: 'cuadrilla en camino' }

export const monitorCases: readonly MessageCase[] = [
  messageCase('down', 'first', POP),
  messageCase('down, parent of others', 'first', { ...POP, ...BEHIND }),
  messageCase('down, another way than usual', 'first', { ...POP, lastHop: '10.0.0.9', pathChanged: true }),
  messageCase('down, its host answers pings', 'first', { ...SHOP, ...refused, code: 'refused', answersPing: true }),
  messageCase('down, answers 500', 'first', SHOP),
  messageCase('down, the answer lacks its text', 'first', {
    ...SHOP,
    code: 'keyword_missing',
    ...told(because('keyword_missing', { text: 'saldo' })),
  }),
  messageCase('down, certificate expired', 'first', {
    ...CERTIFICATE,
    code: 'tls_expired',
    ...told(because('certificate_ended', { name: 'portal.isp.example', date: '2026-11-20' })),
  }),
  messageCase('down, name without address', 'first', {
    ...SHOP,
    code: 'dns_not_found',
    ...told(because('name_missing', { name: 'facturas.isp.example' })),
  }),
  messageCase('down, a call did not come', 'first', BACKUP),
  messageCase('down, a failure was called in', 'first', {
    ...BACKUP,
    code: 'push_reported_down',
    ...told(because('push_failed_saying', { words: 'exit code 1' })),
  }),
  messageCase('down, a long name', 'first', LONG),
  messageCase('down, late', 'first', POP, SINCE + 2_561_000, { delayedMs: 2_520_000 }),
  messageCase('down, late and over meanwhile', 'first', POP, SINCE + 2_561_000, {
    delayedMs: 2_520_000,
    meanwhile: { state: 'over', since: new Date(at('03:31:40')).toISOString() },
  }),
  messageCase('down, by the fallback channel', 'first', { ...POP, insteadOf: { channel: 'mail', notification: 7 } }),
  messageCase('degraded, packets lost', 'first', poor('packet_loss')),
  messageCase('degraded, slow', 'first', poor('slow')),
  messageCase('degraded, jitter', 'first', poor('jitter')),
  messageCase('degraded, others depend on it', 'first', {
    ...poor('packet_loss'),
    affected: { count: 96, subscribers: 1348, names: ['cpe-1'], down: [] },
  }),
  messageCase('degraded, slow answer', 'first', {
    ...SHOP,
    state: 'degraded',
    code: 'slow',
    ...told(because('slow_answer', { ms: 2140, limit: 1500 })),
  }),
  messageCase(
    'reminder, down',
    'reminder',
    { ...POP, ...BEHIND, reminderNumber: 3, nextDueAt: at('09:22:04') },
    at('05:22:04'),
  ),
  messageCase('reminder, degraded', 'reminder', { ...poor('packet_loss'), reminderNumber: 1 }, at('04:12:45')),
  messageCase('reminder, acknowledged until', 'reminder', { ...POP, reminderNumber: 1 }, at('04:12:45'), {
    ack: { ...ACK, until: new Date(at('04:00:00')).toISOString() },
  }),
  messageCase(
    'reminder, not watched for a while',
    'reminder',
    { ...POP, reminderNumber: 2, unwatchedMs: 7_200_000 },
    at('06:22:04'),
  ),
  messageCase('escalated', 'escalated', { ...POP, ...BEHIND }, at('03:27:04')),
  messageCase('degraded became down', 'repeat', {
    ...poor('packet_loss'),
    state: 'down',
    previousState: 'degraded',
    code: 'timeout',
    quality: undefined,
    ...told(because('pings_unanswered', { sent: 5, address: '10.7.3.1' })),
  } as never),
  recovery('recovered', { ...POP, ...back }, HOURS),
  recovery('recovered within a minute', { ...SHOP, ...refused, ...back, since: at('03:12:04') }, 41_000),
  recovery(
    'recovered, some still down',
    { ...POP, ...back, affected: { ...BEHIND.affected, down: ['cpe-0711', 'olt-07b'] } },
    HOURS,
  ),
  recovery('recovered, all back', { ...POP, ...back, affected: { ...BEHIND.affected, down: [] } }, HOURS),
  recovery('recovered, had answered 500', { ...SHOP, ...back }, 1_408_000),
  recovery('recovered, a call came', { ...BACKUP, ...back }, HOURS),
  recovery(
    'recovered, had been degraded',
    { ...poor('packet_loss'), state: 'up', previousState: 'degraded' },
    1_408_000,
  ),
  recovery('recovered, after days', { ...POP, ...back }, 277_440_000),
  recovery('recovered, not watched for a while', { ...POP, ...back, unwatchedMs: 7_200_000 }, 1_866_000),
  recovery('recovered, acknowledged', { ...POP, ...back }, HOURS, { ack: ACK }),
  recovery('recovered, late and down again', { ...POP, ...back }, HOURS, {
    delayedMs: 2_520_000,
    meanwhile: { state: 'down', since: new Date(at('06:01:00')).toISOString() },
  }),
  recovery('ended, closed by hand', { ...POP, resolvedBy: 'hand', closedBy: 'Laura P.' }, HOURS),
  recovery('ended, paused', { ...POP, resolvedBy: 'paused' }, HOURS),
  recovery('ended, taken out', { ...POP, resolvedBy: 'removed' }, HOURS),
  recovery('ended, another target', { ...POP, resolvedBy: 'changed' }, HOURS),
  recovery('ended, nothing new', { ...POP, resolvedBy: 'time' }, HOURS),
  messageCase(
    'flapping',
    'first',
    { ...POP, state: 'flapping', flapping: { changes: 5, now: 'down' } },
    at('03:16:04'),
  ),
  recovery('flapping ended', { ...POP, state: 'up', previousState: 'flapping' }, 2_520_000),
]
