import { peopleNumber } from '../format.ts'
import { causeSentences } from './causes/index.ts'
import type { Texts } from './texts.ts'

const ordinal = (number: number): string => {
  const tens = number % 100
  const end = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${end}`
}

const notices = (count: number): string => `${peopleNumber(count, 'en')} ${count === 1 ? 'notice' : 'notices'}`

const monitors = (count: number): string => `${peopleNumber(count, 'en')} ${count === 1 ? 'monitor' : 'monitors'}`

const devices = (count: number, subscribers: number | undefined): string =>
  `${peopleNumber(count, 'en')} ${count === 1 ? 'device' : 'devices'}${subscribers ? `, ${peopleNumber(subscribers, 'en')} ${subscribers === 1 ? 'subscriber' : 'subscribers'}` : ''}`

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
    removed: 'taken out',
    paused: 'paused',
    hand: 'closed by hand',
    time: 'nothing new',
  },
  endedLine: {
    changed: (what, at) => `${what} watches another target since ${at}: what was told of it before is over.`,
    removed: (what, at) => `${what} is not watched any more since ${at}.`,
    paused: (what, at) => `${what} is paused since ${at}: nobody looks whether it answers.`,
    hand: (what, at) => `${what}: the alert was closed by hand at ${at}.`,
    time: (what, at) => `${what}: the alert ended at ${at} for nothing new had come of it; nobody saw it well.`,
  },
  notWatched: (duration) => `not watched for ${duration}`,
  closedBy: (name) => `Closed by hand: ${name}`,
  late: {
    again: (at) => `in trouble again since ${at}`,
    over: (at) => `over since ${at}`,
    ended: (at) => `ended ${at}`,
  },
  lateSentence: {
    again: (at) => `This message is late: the trouble is back since ${at}.`,
    over: (at) => `This message is late: it is over since ${at}.`,
    ended: (at) => `This message is late: the alert ended at ${at}, which does not mean that all is well.`,
  },
  firing: 'ALERT',
  stillFiring: 'STILL OPEN',
  resolved: 'RESOLVED',
  test: 'TEST',
  summary: 'SUMMARY',
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
  reminderLine: (number, duration, degraded) =>
    `${ordinal(number)} reminder, ${degraded ? 'degraded' : 'down'} for ${duration}.`,
  notAcknowledged: 'Nobody has acknowledged it.',
  unattended: 'not acknowledged',
  acknowledged: (by, at, note, until) =>
    `Acknowledged: ${by} at ${at}${note ? `, “${note}”` : ''}${until ? `, until ${until}` : ''}.`,
  silenced: (by, until) => `Silenced until ${until}: ${by}.`,
  isOver: 'It is over already.',
  isUnknown: 'There is no such alert here.',
  insteadOf: (channel) => `It comes this way because it could not go by ${channel}.`,
  cause: 'Cause',
  hadBeen: 'Had been',
  attempts: (count) => `${peopleNumber(count, 'en')} ${count === 1 ? 'attempt' : 'attempts'}`,
  lastHop: (hop, changed) => `Last hop answering: ${hop}${changed ? '; the way there is not the usual one' : ''}.`,
  lastHopShort: (hop) => `last hop: ${hop}`,
  answersPing: 'The host itself answered a ping meanwhile.',
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
  testLine: 'This is a test message of Vigía. Nothing is wrong.',
  testMeaning: 'If you can read this, the channel works.',
  digestSubject: ({ down, degraded, recovered, paused, ended, other }) =>
    [
      down && `${down} down`,
      degraded && `${degraded} degraded`,
      other && `${other} open`,
      recovered && `${recovered} recovered`,
      paused && `${paused} paused`,
      ended && `${ended} ended`,
    ]
      .filter(Boolean)
      .join(', '),
  downNow: 'Down now',
  degradedNow: 'Degraded now',
  openNow: 'Open now',
  recoveredSince: 'Recovered',
  pausedNow: 'Paused, in trouble before',
  endedSince: 'Ended',
  held: {
    limit: (count) => `Held by the channel's limit: ${notices(count)}. Lost: 0.`,
    group: (count) => `Gathered: ${notices(count)}. Lost: 0.`,
    storm: (count) => `Many at once, told as one: ${notices(count)}. Lost: 0.`,
    late: (count) => `Could not be delivered before: ${notices(count)}. Lost: 0.`,
    quiet: (count) => `Held during quiet hours: ${notices(count)}. Lost: 0.`,
    together: (count) => `Told together: ${notices(count)}. Lost: 0.`,
  },
  flapping: 'FLAPPING',
  stable: 'STABLE',
  flapped: (duration) => `flapped for ${duration}`,
  flapsSince: (what, changes, since, ago, down) =>
    `${what} has gone up and down since ${since} (${changes} changes in ${ago}); now it is ${down ? 'down' : 'up'}. The end will be told.`,
  stableSince: (what, at) => `${what} has been steadily up since ${at}.`,
  flappedFromTo: (from, to, duration) => `Flapping from ${from} to ${to} (${duration}).`,
  affectedSubject: (count) => `${peopleNumber(count, 'en')} ${count === 1 ? 'device' : 'devices'} affected`,
  affectedShort: (count) => `${peopleNumber(count, 'en')} affected`,
  impact: 'Impact',
  affectedChat: devices,
  backShort: (back, count) => `${peopleNumber(back, 'en')}/${peopleNumber(count, 'en')} back`,
  affected: (count, subscribers, link) =>
    `${devices(count, subscribers)}. Not announced one by one${link ? '; list at the link' : ''}.`,
  back: (back, count) =>
    `${peopleNumber(back, 'en')} of ${peopleNumber(count, 'en')} ${count === 1 ? 'device' : 'devices'} ${back === 1 ? 'is' : 'are'} back.`,
  stillDownList: (names) => `Still down: ${names} (told apart if not back in 5 min).`,
  eventTitles: {
    port_scan: (subject) => `port scan from ${subject}`,
    dns_tunneling: (subject) => `DNS tunnel from ${subject}`,
    dga: (subject) => `generated domain names from ${subject}`,
    beaconing: (subject) => `beaconing from ${subject}`,
    syn_flood: (subject) => `SYN flood on ${subject}`,
    close_wait_leak: (subject) => `connections not closed on ${subject}`,
    time_wait_exhaustion: (subject) => `local ports run out towards ${subject}`,
    listener_gone: (subject) => `nothing listens on ${subject}`,
    accept_queue_overflow: (subject) => `accept queue full on ${subject}`,
    fail2ban_ban: (subject) => `ban of ${subject}`,
    channel_failed: (subject) => `channel ${subject} fails`,
    vigia_blind: () => 'Vigía cannot see',
    vigia_late: () => 'Vigía runs late',
    vigia_storage: () => 'files of Vigía need attention',
    vigia_resolver: (subject) => `DNS does not answer: ${subject}`,
    summary: () => 'daily summary',
  },
  sinceTime: (at) => `since ${at}`,
  sentences: causeSentences.en,
  isEnglish: true,
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
    bad_address: 'that is no address to probe',
    no_permission: 'Vigía may not send such probes on this machine',
    no_descriptors: 'Vigía ran out of open files',
    local_loss: 'Vigía’s own machine lost packets',
    local_network_down: 'the network of Vigía’s own machine is down',
    not_running: 'Vigía was not running',
    late: 'Vigía probed too late',
    internal: 'an internal error of Vigía',
    witnesses_down: 'Vigía’s own connection is down',
    slow: 'answers are slow',
    jitter: 'the time of answers varies',
    resolver_silent: 'the resolver does not answer',
    key_missing: 'the key of its secrets is missing',
  },
  blind: {
    sees: 'Vigía sees again',
    lasted: (duration) => `was blind ${duration}`,
    since: (since, ago, why) => `Vigía has not seen the network since ${since} (${ago} ago): ${why}.`,
    witnesses: (failing, all) =>
      failing < all ? `${failing} of ${all} witnesses do not answer` : 'no witness answers',
    meaning:
      'Its own connection is down. What falls meanwhile counts as unknown, not as down, and is not told; what is really down is told when it sees again.',
    seesSince: (at) => `Vigía has seen the network again since ${at}.`,
    fromTo: (from, to, duration) => `It was blind from ${from} to ${to} (${duration}).`,
    notAnswering: (names, cutOff) =>
      `Not answering now: ${names}${cutOff > 0 ? `, and ${peopleNumber(cutOff, 'en')} behind` : ''}. What stays down and was not told yet is told by itself.`,
    allAnswer: 'Nothing that it watches is down now.',
  },
  resolver: {
    answers: (servers) => `DNS is back: ${servers}`,
    lasted: (duration) => `was silent ${duration}`,
    since: (servers, how, since, ago) =>
      how === undefined
        ? `The resolver ${servers} has not answered since ${since} (${ago} ago).`
        : `The resolver ${servers} has looked no name up since ${since} (${ago} ago): it ${how}.`,
    meaning: (known, unknown) =>
      [
        known > 0 &&
          `${monitors(known)} ${known === 1 ? 'is' : 'are'} looked at by the last known address of ${known === 1 ? 'its' : 'their'} name.`,
        unknown > 0
          ? `${monitors(unknown)} cannot be looked at: unknown, not down, and not told one by one.`
          : 'No monitor goes without being looked at.',
      ]
        .filter(Boolean)
        .join(' '),
    answersSince: (servers, at) => `The resolver ${servers} has answered again since ${at}.`,
    fromTo: (from, to, duration) => `It was silent from ${from} to ${to} (${duration}).`,
  },
  footer: 'Sent by Vigía',
}
