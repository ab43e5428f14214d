import { peopleNumber } from '../format.ts'
import { causeSentences } from './causes/index.ts'
import { eventWordsEn } from './event-words-en.ts'
import type { Texts } from './texts.ts'

const ordinal = (number: number): string => {
  const tens = number % 100
  const end = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${end}`
}

const notices = (count: number): string => `${peopleNumber(count, 'en')} ${count === 1 ? 'notice' : 'notices'}`

const monitors = (count: number): string => `${peopleNumber(count, 'en')} ${count === 1 ? 'monitor' : 'monitors'}`

const devices = (count: number): string => `${peopleNumber(count, 'en')} ${count === 1 ? 'device' : 'devices'}`

const subscribed = (count: number | undefined): string =>
  count ? `, ${peopleNumber(count, 'en')} ${count === 1 ? 'subscriber' : 'subscribers'}` : ''

export const en: Texts = {
  severities: { LOW: 'LOW', MEDIUM: 'MEDIUM', HIGH: 'HIGH', CRITICAL: 'CRITICAL' },
  down: 'DOWN',
  degraded: 'DEGRADED',
  unknown: 'UNKNOWN',
  stillDown: 'STILL DOWN',
  stillDegraded: 'STILL DEGRADED',
  recovered: 'RECOVERED',
  ended: 'ENDED',
  endedBy: {
    changed: 'another target',
    removed: 'removed',
    paused: 'paused',
    hand: 'closed by hand',
    time: 'nothing new',
  },
  endedLine: {
    changed: (what, at) => `${what} has had another target since ${at}; what was announced before no longer holds.`,
    removed: (what, at) => `${what} was removed at ${at} and is no longer watched.`,
    paused: (what, at) => `${what} has been paused since ${at} and is not being checked.`,
    hand: (what, at) => `${what}: the alert was closed by hand at ${at}.`,
    time: (what, at) => `${what}: the alert ended at ${at} because nothing new came; no recovery was seen.`,
  },
  notWatched: (duration) => `not watched for ${duration}`,
  closedBy: (name) => `Closed by hand: ${name}`,
  late: {
    again: (at) => `in trouble again since ${at}`,
    over: (at) => `over since ${at}`,
    ended: (at) => `ended ${at}`,
  },
  lateSentence: {
    again: (at) => `This message is late: it has been in trouble again since ${at}.`,
    over: (at) => `This message is late: it has been over since ${at}.`,
    ended: (at) => `This message is late: the alert ended at ${at}, which does not mean that all is well.`,
  },
  firing: 'ALERT',
  stillFiring: 'STILL OPEN',
  resolved: 'CLOSED',
  test: 'TEST',
  summary: 'SUMMARY',
  oneMore: 'again',
  wasDown: (duration) => `was down ${duration}`,
  wasDegraded: (duration) => `was degraded ${duration}`,
  lasted: (duration) => `lasted ${duration}`,
  notice: (number) => `notice ${number}`,
  downSince: {
    silent: (what, since, ago) => `${what} has not answered since ${since} (${ago} ago).`,
    wrong: (what, since, ago, status = 'wrongly') => `${what} has answered ${status} since ${since} (${ago} ago).`,
    overdue: (what, since, ago) => `${what} has been overdue since ${since} (${ago} ago).`,
    reported: (what, since, ago) => `${what} has reported a failure since ${since} (${ago} ago).`,
  },
  degradedSince: (what, since, ago) => `${what} has been degraded since ${since} (${ago} ago).`,
  eventSince: (what, since, ago) => `${what}, seen since ${since} (${ago} ago).`,
  answersSince: (what, at) => `${what} has answered since ${at}.`,
  callsSince: (what, at) => `${what} has called as it should since ${at}.`,
  fineSince: (what, at) => `${what} has been fine since ${at}.`,
  downFromTo: (from, to, duration) => `Down from ${from} to ${to} (${duration}).`,
  degradedFromTo: (from, to, duration) => `Degraded from ${from} to ${to} (${duration}).`,
  eventFromTo: (from, to, duration) => `Open from ${from} to ${to} (${duration}).`,
  reminderLine: (number, duration, how) => `${ordinal(number)} reminder, ${how} for ${duration}.`,
  notAcknowledged: 'Nobody has acknowledged it.',
  unattended: 'not acknowledged',
  acknowledged: (by, at, note, until) =>
    `Acknowledged: ${by} at ${at}${note ? `, “${note}”` : ''}${until ? `, until ${until}` : ''}.`,
  silenced: (by, until) => `Silenced until ${until}: ${by}.`,
  isOver: 'It is over already.',
  isUnknown: 'There is no such alert here.',
  insteadOf: (channel) => `Sent this way because ${channel} could not deliver it.`,
  cause: 'Cause',
  hadBeen: 'Had been',
  isNow: 'Now',
  attempts: (count) => `${peopleNumber(count, 'en')} ${count === 1 ? 'attempt' : 'attempts'}`,
  lastHop: (hop, changed) => `Last hop answering: ${hop}${changed ? '; not on the usual path' : ''}.`,
  lastHopShort: (hop) => `last hop: ${hop}`,
  answersPing: 'The host itself answers pings.',
  answersPingShort: 'host answers pings',
  place: 'Place',
  about: 'About',
  labels: 'Labels',
  guide: 'Guide',
  rule: 'Rule',
  nextNotice: (at, acknowledged) => `Next notice: ${at}${acknowledged ? '' : ', unless acknowledged'}.`,
  byLink: (name) => `${name} (by link)`,
  view: 'View',
  acknowledge: 'Acknowledge',
  silence: 'Silence 1 h',
  zone: (city, offset) => `(${city} time, ${offset})`,
  delayed: (duration) => `Delayed ${duration}`,
  testLine: 'This is a test message from Vigía. Nothing is wrong.',
  testMeaning: 'If you can read this, the channel works.',
  testReads: 'A real one would read:',
  digestSubject: ({ down, degraded, recovered, paused, ended, other, notices: told }) =>
    [
      down && `${down} down`,
      degraded && `${degraded} degraded`,
      other && `${other} open`,
      recovered && `${recovered} recovered`,
      paused && `${paused} paused`,
      ended && `${ended} ended`,
      told && notices(told),
    ].filter((part) => typeof part === 'string'),
  downNow: 'Down now',
  degradedNow: 'Degraded now',
  openNow: 'Open now',
  recoveredSince: 'Recovered',
  pausedNow: 'Paused, failing before',
  endedSince: 'Ended',
  held: {
    limit: (count) => `Held by the channel's limit: ${notices(count)}. Lost: 0.`,
    group: (count) => `Grouped: ${notices(count)}. Lost: 0.`,
    storm: (count) => `Many at once, sent as one message: ${notices(count)}. Lost: 0.`,
    late: (count) => `Could not be delivered earlier: ${notices(count)}. Lost: 0.`,
    quiet: (count) => `Held during quiet hours: ${notices(count)}. Lost: 0.`,
    together: (count) => `Sent together: ${notices(count)}. Lost: 0.`,
  },
  flapping: 'FLAPPING',
  stable: 'STABLE',
  flapped: (duration) => `flapped for ${duration}`,
  flapsSince: (what, changes, since, ago, down) =>
    `${what} has gone up and down since ${since} (${changes} changes in ${ago}); now it is ${down ? 'down' : 'up'}. You will be told when it is stable.`,
  flapsShort: (changes, ago, down) => `${peopleNumber(changes, 'en')} changes in ${ago}, now ${down ? 'down' : 'up'}`,
  stableSince: (what, at) => `${what} has been up without interruption since ${at}.`,
  flappedFromTo: (from, to, duration) => `Flapping from ${from} to ${to} (${duration}).`,
  dependants: {
    cutOff: {
      subject: (count) => `${devices(count)} cut off`,
      short: (count) => `${peopleNumber(count, 'en')} cut off`,
      chat: (count, subscribers) => `${devices(count)}${subscribed(subscribers)}`,
      line: (count, { subscribers, link }) =>
        `Impact: ${devices(count)} cut off${subscribed(subscribers)}. Not announced one by one${link ? '; list at the link' : ''}.`,
    },
    behind: {
      subject: (count) => `${devices(count)} behind`,
      short: (count) => `${peopleNumber(count, 'en')} behind`,
      chat: (count, subscribers) => `${devices(count)}${subscribed(subscribers)} behind`,
      line: (count, { subscribers, silent }) =>
        `Behind it: ${devices(count)}${silent === undefined ? '' : `, ${peopleNumber(silent, 'en')} without an answer`}${subscribed(subscribers)}.`,
    },
  },
  backShort: (back, count) => `${peopleNumber(back, 'en')}/${peopleNumber(count, 'en')} back`,
  back: (back, count) =>
    `${peopleNumber(back, 'en')} of ${peopleNumber(count, 'en')} ${count === 1 ? 'device' : 'devices'} ${back === 1 ? 'is' : 'are'} back.`,
  stillDownList: (names) => `Still down: ${names} (announced separately if not back in 5 min).`,
  ...eventWordsEn,
  sinceTime: (at) => `since ${at}`,
  sentences: causeSentences.en,
  language: 'en',
  target: (target) => target,
  causes: {
    ok: '',
    timeout: 'no answer in time',
    refused: 'connection refused',
    unreachable: 'host unreachable',
    dns_not_found: 'the name has no address',
    dns_failed: 'the name could not be resolved',
    reset: 'connection closed by the other side',
    tls_invalid: 'the TLS certificate does not verify',
    tls_expired: 'the TLS certificate has expired',
    tls_expiring: 'the TLS certificate ends soon',
    tls_name_mismatch: 'the TLS certificate is for another name',
    tls_handshake: 'the TLS handshake failed',
    status_mismatch: 'unexpected HTTP status',
    keyword_missing: 'the expected text is missing',
    keyword_present: 'a text is present that must not be',
    json_mismatch: 'a value in the answer is not as expected',
    answer_mismatch: 'the DNS answer is not as expected',
    too_many_redirects: 'too many redirects',
    protocol_error: 'the answer does not follow the protocol',
    body_too_large: 'the answer is too large',
    push_missing: 'the expected call did not come',
    push_reported_down: 'the caller reported a failure',
    packet_loss: 'packets are being lost',
    time_exceeded: 'packets go in a circle or too far',
    no_route: 'no route to that network',
    bad_address: 'that address cannot be checked',
    no_permission: 'Vigía may not send such probes on this machine',
    no_descriptors: 'Vigía ran out of open files',
    local_loss: 'Vigía’s own machine lost packets',
    local_network_down: 'the network of Vigía’s own machine is down',
    not_running: 'Vigía was not running',
    late: 'Vigía checked too late',
    internal: 'an internal error of Vigía',
    witnesses_down: 'Vigía’s own connection is down',
    slow: 'answers are slow',
    jitter: 'the time of answers varies',
    resolver_silent: 'the resolver does not answer',
    key_missing: 'the key of its secrets is missing',
  },
  blind: {
    lasted: (duration) => `could not see for ${duration}`,
    since: (since, ago, why) => `Vigía has not seen the network since ${since} (${ago} ago): ${why}.`,
    witnesses: (failing, all) =>
      failing < all
        ? `${failing} of ${all} witnesses ${failing === 1 ? 'does' : 'do'} not answer`
        : 'no witness answers',
    meaning:
      'Its own uplink is down. What fails meanwhile counts as unknown, not as down, and is not announced; what is really down is announced when Vigía sees again.',
    seesSince: (at) => `Vigía has seen the network again since ${at}.`,
    fromTo: (from, to, duration) => `It could not see from ${from} to ${to} (${duration}).`,
    notAnswering: (names, cutOff) =>
      `Not answering now: ${names}${cutOff > 0 ? `, and ${peopleNumber(cutOff, 'en')} behind` : ''}. What stays down and was not announced yet is announced separately.`,
    allAnswer: 'No monitor is down now.',
  },
  resolver: {
    lasted: (duration) => `was silent ${duration}`,
    since: (servers, how, since, ago) =>
      how === undefined
        ? `The resolver ${servers} has not answered since ${since} (${ago} ago).`
        : `The resolver ${servers} has resolved no name since ${since} (${ago} ago): it ${how}.`,
    meaning: (known, unknown) =>
      [
        known > 0 &&
          `${monitors(known)} ${known === 1 ? 'is' : 'are'} checked by the last known address of ${known === 1 ? 'its' : 'their'} name.`,
        unknown > 0
          ? `${monitors(unknown)} cannot be checked: unknown, not down, and not announced one by one.`
          : 'All other monitors are checked as always.',
      ]
        .filter(Boolean)
        .join(' '),
    answersSince: (servers, at) => `The resolver ${servers} has answered again since ${at}.`,
    fromTo: (from, to, duration) => `It was silent from ${from} to ${to} (${duration}).`,
  },
  footer: 'Sent by Vigía',
}
