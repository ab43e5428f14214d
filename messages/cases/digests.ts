import { because } from '#core/cause/cause.ts'
import type { DigestItem } from '#core/message/message.ts'
import { saidFields } from '#templates/said.ts'
import { at, type MessageCase, messageCase } from '../case.ts'

const item = (subject: string, state: string, time: string, facts: Partial<DigestItem> = {}): DigestItem => ({
  subject,
  state,
  severity: 'HIGH',
  since: new Date(at(time)).toISOString(),
  cause: null,
  held: 1,
  ...facts,
})

const ITEMS: readonly DigestItem[] = [
  item('POP-07', 'down', '03:12:04', {
    severity: 'CRITICAL',
    affected: 28,
    ...saidFields(because('pings_unanswered', { sent: 5, address: '10.7.0.1' })),
    code: 'timeout',
  }),
  item('webmail', 'down', '03:09:00', {
    ...saidFields(because('certificate_expired', { name: 'webmail.isp.example' })),
    code: 'tls_expired',
    held: 2,
  }),
  item('Enlace Oncativo', 'degraded', '03:10:00', {
    ...saidFields(because('packet_loss', { loss: 14, over: '5 min', lost: 31, sent: 225 })),
    code: 'packet_loss',
  }),
  item('203.0.113.7', 'open', '03:11:00', {
    kind: 'port_scan',
    ...saidFields(
      because('scanned', { ports: because('ports', { count: 4504 }), hosts: because('hosts', { count: 12 }) }),
    ),
  }),
  item('sshd', 'open', '03:11:30', {
    kind: 'fail2ban_ban',
    rate: { at_least: 20, within_ms: 600_000, distinct: 'ip' },
  }),
  item('dslam-3', 'up', '03:14:00', { held: 2 }),
  item('Impresora', 'down', '02:50:00', { paused: true }),
  item('disco-3', 'ended', '03:13:00'),
]

const digest = (name: string, why: NonNullable<Parameters<typeof messageCase>[2]['why']>, items = ITEMS, labels = {}) =>
  messageCase(
    name,
    'digest',
    { severity: 'CRITICAL', subject: 'mail', since: at('03:00:00'), why, items, labels },
    at('03:15:00'),
  )

export const digestCases: readonly MessageCase[] = [
  digest('digest, the limit of the channel', 'limit'),
  digest('digest, a group', 'group', ITEMS.slice(0, 3), { site: 'POP-07' }),
  digest('digest, a storm', 'storm'),
  digest('digest, could not be delivered before', 'late', ITEMS.slice(0, 2)),
  digest('digest, quiet hours', 'quiet', ITEMS.slice(3)),
  digest('digest, told together', 'together', [ITEMS[0]!, ITEMS[1]!]),
  digest('digest, all recovered', 'limit', [item('POP-07', 'up', '03:14:00'), item('webmail', 'up', '03:14:10')]),
]
