import { because } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import { blindEvent, cutOffEvent, seesEvent } from '#pipeline/watch/blindness.ts'
import { historyDamaged, keysMissing } from '#pipeline/watch/storage-damage.ts'
import { saidFields } from '#templates/said.ts'
import { eventFacts, type MessageCase, messageCase, recovery, SINCE } from '../case.ts'

const NOW = SINCE + 41_000

const nobody = { topology: () => ({ isCutOff: () => false }), monitor: () => undefined } as never

const resolver = (status: 'firing' | 'resolved', data: NewEvent['data']) =>
  eventFacts({
    type: 'vigia_resolver',
    severity: 'HIGH',
    subject: '10.0.0.53',
    data: { status, since: SINCE, ...data },
  })

const failing = because('resolver_fails', { resolver: '10.0.0.53', how: because('answers', { rcode: 'SERVFAIL' }) })

const late = (status: 'firing' | 'resolved', seconds: string) =>
  eventFacts({
    type: 'vigia_late',
    severity: 'HIGH',
    subject: 'Vigía',
    data: {
      status,
      about: 'lateness',
      since: SINCE,
      p99_seconds: Number(seconds),
      ...saidFields(
        status === 'firing' ? because('probes_late', { seconds: Number(seconds) }) : because('probes_in_time'),
      ),
    },
  })

const sees = eventFacts(seesEvent(SINCE + 186_000, because('witnesses_answer'), [], nobody, NOW))

export const serverCases: readonly MessageCase[] = [
  messageCase('blind, no witness answers', 'first', eventFacts(blindEvent(SINCE, 2, 2, NOW))),
  messageCase('blind, some witnesses answer', 'first', eventFacts(blindEvent(SINCE, 1, 2, NOW))),
  messageCase(
    'blind, no link',
    'first',
    eventFacts(cutOffEvent(SINCE, because('no_link', { interfaces: 'eth0' }), NOW)),
  ),
  messageCase(
    'blind, reminder',
    'reminder',
    { ...eventFacts(blindEvent(SINCE, 2, 2, NOW)), reminderNumber: 1 },
    SINCE + 3_641_000,
  ),
  recovery('sees again, nothing is down', sees, 186_000),
  recovery(
    'sees again, some are down',
    {
      ...sees,
      event: {
        type: 'vigia_blind',
        data: { ...sees.event!.data, down: ['POP-07', 'olt-3'], down_count: 30, cut_off: 28 },
      },
    },
    186_000,
  ),
  messageCase('the resolver is silent', 'first', {
    ...resolver('firing', { how: 'does not answer', by_last_known: 300, not_looked_at: 12 }),
  }),
  messageCase('the resolver fails', 'first', {
    ...resolver('firing', {
      how: 'answers SERVFAIL',
      by_last_known: 1,
      not_looked_at: 0,
      ...saidFields(because('names_fail', { cause: failing, by_last_known: because('one_monitor'), not_looked_at: 0 })),
    }),
  }),
  recovery('the resolver answers again', resolver('resolved', {}), 186_000),
  messageCase('probes are late', 'first', late('firing', '6.2')),
  recovery('probes are in time again', late('resolved', '0.1'), 186_000),
  messageCase(
    'the history was damaged',
    'first',
    eventFacts(
      historyDamaged(because('history_damaged', { file: 'history.db', aside: 'history.db.damaged-1' }), SINCE),
    ),
  ),
  messageCase('a key is missing', 'first', eventFacts(keysMissing(['k1'], SINCE))),
  recovery('the key is there again', eventFacts(keysMissing([], SINCE)), 186_000),
  messageCase(
    'a channel fails',
    'first',
    eventFacts({
      type: 'channel_failed',
      severity: 'HIGH',
      subject: 'mail',
      data: {
        channel: 'mail',
        channel_id: 1,
        channel_type: 'email',
        notification: 4411,
        attempts: 12,
        failure: 'connection_refused',
        ...saidFields(because('delivery_connection_refused', { where: 'mail.isp.example:587' })),
      },
    }),
  ),
  messageCase(
    'the daily summary',
    'first',
    eventFacts(
      {
        type: 'summary',
        severity: 'LOW',
        subject: 'Vigía',
        data: { open_alerts: 2, subjects: 'POP-07, webmail', up: 1170, degraded: 1, down: 2, unknown: 5 },
      },
      { rule: 'cada mañana' },
    ),
  ),
  messageCase('a test', 'test', { severity: 'LOW', subject: 'Vigía' }),
  messageCase('a test of an event', 'test', {
    severity: 'HIGH',
    subject: '203.0.113.7',
    event: { type: 'fail2ban_ban', data: { ip: '203.0.113.7', jail: 'sshd', failures: 5, bantime: 600 } },
  }),
  messageCase('a test of a monitor', 'test', {
    severity: 'CRITICAL',
    subject: 'POP-07',
    monitor: 'POP-07',
    target: '10.7.0.1',
    state: 'down',
    previousState: 'up',
    location: 'Ruta 9 km 42',
  }),
]
