import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judgeKills, type Stored } from './judge.ts'
import { TARGETS } from './load.ts'
import type { Mail, Post } from './receivers.ts'

const START = Date.parse('2026-11-30T10:00:00Z')
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString()
const taken = <Body>(body: Body, seconds: number) => ({ body, at: START + seconds * 1000, taken: true })
const post = (id: string, reason: string, subject: string, state: string | null, seconds: number) =>
  taken<Post>({ id, reason, subject, severity: 'HIGH', monitor: state && subject, state }, seconds)
const mail = (id: string, to: string, subject: string, text = '') =>
  taken<Mail>({ id, to: `${to}@isp.example`, subject, text }, 2)
const note = (uid: string, channel: number, reason: string, status = 'delivered') => ({
  uid,
  channel,
  reason,
  status,
  created_at: iso(1),
  error: null,
})

/** Everything told as it should be: one target fell, one event by webhook, one by mail too, one that no rule looks at. */
const well = {
  stored: {
    monitors: Array.from({ length: TARGETS }, (_, id) => ({
      id,
      name: `target-${id}`,
      state: id === 0 ? 'down' : 'up',
    })),
    transitions: new Map([
      [
        'target-0',
        [
          { to: 'down', at: iso(1) },
          { to: 'up', at: iso(0) },
        ],
      ],
    ]),
    events: ['event-0-0-0', 'event-0-3-0', 'event-0-4-0'].map((subject, id) => ({ id, subject })),
    notifications: [
      note('a', 1, 'first'),
      note('b', 1, 'first'),
      note('c', 1, 'first'),
      note('d', 2, 'first'),
      note('e', 3, 'first'),
    ],
    channelOf: new Map([
      [1, 'hook'],
      [2, 'noc'],
      [3, 'soc'],
    ]),
  } as Stored,
  load: {
    acknowledged: new Map([
      ['event-0-0-0', 'open'],
      ['event-0-3-0', 'loud'],
      ['event-0-4-0', 'light'],
    ] as const),
    typeOf: (subject: string) => (['open', 'open', 'open', 'loud', 'light'] as const)[Number(subject.split('-')[2])]!,
  },
  targets: { ports: Array.from({ length: TARGETS }, () => 1), isUp: (index: number) => index !== 0 },
  receivers: {
    posts: [
      post('a', 'first', 'target-0', 'down', 1),
      post('b', 'first', 'event-0-0-0', null, 1),
      post('c', 'first', 'event-0-3-0', null, 1),
    ],
    mails: [mail('d', 'noc', 'DOWN target-0 · 10:00'), mail('e', 'soc', 'HIGH loud from event-0-3-0')],
  },
}
type Case = typeof well
const faultsOf = ({ stored, load, targets, receivers }: Case) => judgeKills(stored, load, targets, receivers).faults

const withStored = (change: Partial<Stored>): Case => ({ ...well, stored: { ...well.stored, ...change } })
const withPosts = (change: (posts: Case['receivers']['posts']) => Case['receivers']['posts']): Case => ({
  ...well,
  receivers: { ...well.receivers, posts: change(well.receivers.posts) },
})

describe('the judge of kills', () => {
  it('finds nothing where all is told as it should be, also the same message twice', () => {
    assert.deepEqual(faultsOf(well), [])
    const twice = withPosts((posts) => [...posts, posts[1]!])
    assert.deepEqual(faultsOf(twice), [])
    assert.equal(judgeKills(twice.stored, twice.load, twice.targets, twice.receivers).repeats, 1)
  })

  const { stored } = well
  const BAD: readonly (readonly [string, Case, RegExp])[] = [
    ['an event that is gone', withStored({ events: stored.events.slice(1) }), /event-0-0-0 .* stored 0 times/],
    ['one that is stored twice', withStored({ events: [...stored.events, stored.events[0]!] }), /stored 2 times/],
    [
      'one that nobody was told of',
      withPosts((posts) => posts.filter(({ body }) => body.id !== 'b')),
      /was not posted/,
    ],
    [
      'one that was refused and not sent again',
      withPosts((posts) => posts.map((one) => (one.body.id === 'b' ? { ...one, taken: false } : one))),
      /b .* did not come/,
    ],
    [
      'one that is new twice',
      withPosts((posts) => [...posts, post('z', 'first', 'event-0-0-0', null, 3)]),
      /told as new under 2 ids/,
    ],
    [
      'one below its rule',
      withPosts((posts) => [...posts, post('z', 'first', 'event-0-4-0', null, 3)]),
      /event-0-4-0 is below its rule/,
    ],
    [
      'a mail that did not come',
      { ...well, receivers: { ...well.receivers, mails: well.receivers.mails.slice(0, 1) } },
      /1 of event-0-3-0 were not mailed/,
    ],
    [
      'what is left in the outbox',
      withStored({ notifications: [...stored.notifications, note('f', 1, 'resolved', 'pending')] }),
      /hook resolved f \(pending\) was never told/,
    ],
    [
      'a wrong state',
      withStored({ monitors: stored.monitors.map((one) => ({ ...one, state: 'up' })) }),
      /target-0 is down and its state is up/,
    ],
    [
      'a wrong last word by webhook',
      withPosts((posts) => [...posts, post('z', 'resolved', 'target-0', 'up', 9)]),
      /target-0 is down .* hook was told last "resolved: over"/,
    ],
    [
      'a wrong last word by mail',
      {
        ...well,
        receivers: {
          ...well.receivers,
          mails: [...well.receivers.mails, mail('g', 'noc', 'RECOVERED target-0 · 2 s')],
        },
      },
      /its last mail says "RECOVERED target-0/,
    ],
  ]
  for (const [what, bad, expected] of BAD) it(`finds ${what}`, () => assert.match(faultsOf(bad).join('\n'), expected))
})
