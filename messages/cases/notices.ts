import type { Notice } from '#core/message/notice.ts'
import { noticeFacts } from '#core/message/notice-facts.ts'
import { at, type MessageCase, messageCase } from '../case.ts'

const notice = (name: string, facts: Notice): MessageCase =>
  messageCase(name, 'notice', noticeFacts(facts, at('03:12:04')), at('03:12:05'), {
    alertId: null,
    url: 'https://vigia.isp.example/calendar',
    ackUrl: undefined,
  })

const WORK = {
  name: 'Empalme POP-07',
  starts_at: '2026-11-22T05:00:00.000Z',
  ends_at: '2026-11-22T09:00:00.000Z',
  note: '351 555 1234',
  by: 'Laura P.',
  count: 29,
  subscribers: 412,
  names: ['POP-07', 'olt-07a', 'olt-07b'],
  down: [],
}

/** What people asked to be told that is no alert. */
export const noticeCases: readonly MessageCase[] = [
  notice('maintenance ahead', { code: 'maintenance_ahead', ...WORK }),
  notice('maintenance begins', { code: 'maintenance_begin', ...WORK, starts_at: '2026-11-21T06:12:00.000Z' }),
  notice('maintenance ends', {
    code: 'maintenance_end',
    ...WORK,
    ends_at: '2026-11-21T06:12:00.000Z',
    starts_at: '2026-11-21T04:00:00.000Z',
  }),
  notice('maintenance ends, something is still down', {
    code: 'maintenance_end',
    ...WORK,
    starts_at: '2026-11-21T04:00:00.000Z',
    ends_at: '2026-11-21T06:12:00.000Z',
    down: ['olt-07b'],
  }),
  notice('maintenance cancelled', { code: 'maintenance_cancelled', ...WORK }),
  notice('maintenance of nothing', {
    code: 'maintenance_begin',
    ...WORK,
    count: 0,
    subscribers: 0,
    names: [],
    note: '',
  }),
  notice('shift handed over', {
    code: 'shift_handover',
    name: 'Laura P.',
    starts_at: '2026-11-20T21:00:00.000Z',
    ends_at: '2026-11-21T06:12:00.000Z',
    note: '351 555 1234',
    opened: 7,
    closed: 5,
    open: 2,
    open_names: ['olt-07b', 'webmail'],
    lines: ['EPEC 12345'],
    pinned: ['EPEC [12345]'],
  }),
  notice('nobody on duty', {
    code: 'duty_gap',
    name: 'NOC',
    gaps: [
      { starts_at: '2026-11-23T01:00:00.000Z', ends_at: '2026-11-23T09:00:00.000Z' },
      { starts_at: '2026-11-23T21:00:00.000Z', ends_at: '2026-11-24T00:30:00.000Z' },
    ],
    count: 5,
    fallback: ['mail'],
  }),
]
