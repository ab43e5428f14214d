import { eventKind } from '#core/event.ts'
import type { Language, Message, Rendered } from '#core/message.ts'
import { handLines, isAgain, nextNoticeLines } from './attention.ts'
import { blindnessLines, blindnessShort, isBlindness } from './blindness.ts'
import { causeText } from './cause.ts'
import { colorOf, markOf } from './colors.ts'
import { digestLines, digestSubject } from './digest.ts'
import { eventTitleOf } from './event-title.ts'
import { createTimes, fitText, oneLine, peopleDuration, type Times } from './format.ts'
import { mailHtml } from './html.ts'
import { type Texts, texts } from './texts/index.ts'

export interface RenderOptions {
  readonly language: Language
  readonly timeZone: string
  /** Moment of sending, ms. */
  readonly now: number
  /** What the buttons of a chat message act on; absent: it has none. */
  readonly ackToken?: string | undefined
}

/** A lock screen shows this much. */
const SUBJECT_LENGTH = 60
const ITEMS_NAMED = 20
const EVENT_FIELDS = 12

interface Scene {
  readonly message: Message
  readonly words: Texts
  readonly times: Times
  readonly language: Language
  readonly now: number
  readonly since: number
}

/** `POP-07 (10.7.0.1)`: the target only where it says more than the name. */
const named = ({ subject, target }: Message): string =>
  target && target !== subject && !subject.includes(target) ? `${subject} (${target})` : subject

const isDegraded = ({ state, previous_state, reason }: Message): boolean =>
  (reason === 'resolved' ? previous_state : state) === 'degraded'

const isFlapping = ({ state, previous_state, reason }: Message): boolean =>
  (reason === 'resolved' ? previous_state : state) === 'flapping'

/** The state word that a subject begins with. */
const stateWord = ({ message, words }: Scene): string => {
  const { reason, monitor } = message
  const degraded = isDegraded(message)
  if (reason === 'test') return words.test
  if (reason === 'digest') return words.summary
  if (monitor === null) {
    if (reason === 'resolved') return words.resolved
    return isAgain(message) ? words.stillFiring : words.severities[message.severity]
  }
  if (isFlapping(message)) return reason === 'resolved' ? words.stable : words.flapping
  if (reason === 'resolved') return words.recovered
  if (isAgain(message)) return degraded ? words.stillDegraded : words.stillDown
  return degraded ? words.degraded : words.down
}

/** What a subject says after the name: how long, which notice, or when. */
const subjectTail = (scene: Scene): string[] => {
  const { message, words, times, now, since } = scene
  const { reason } = message
  if (reason === 'test') return [times.minute(now)]
  if (reason === 'resolved') {
    const duration = peopleDuration(message.duration_ms ?? 0)
    if (isBlindness(message)) return [words.blind.lasted(duration)]
    if (message.monitor === null) return [words.lasted(duration)]
    if (isFlapping(message)) return [words.flapped(duration)]
    return [isDegraded(message) ? words.wasDegraded(duration) : words.wasDown(duration)]
  }
  if (reason === 'reminder') return [peopleDuration(now - since), words.notice(message.reminder_number ?? 1)]
  if (reason === 'escalated') return [peopleDuration(now - since), words.unattended]
  const { affected } = message
  return [...(affected ? [words.affectedSubject(affected.count)] : []), times.minute(since)]
}

const subjectLine = (scene: Scene): string => {
  const { message, words, times } = scene
  if (message.reason === 'digest') return fitText(digestSubject(message, words, times, scene.now), SUBJECT_LENGTH)
  const head = `${stateWord(scene)} `
  const tail = subjectTail(scene)
    .map((part) => ` · ${part}`)
    .join('')
  const name = oneLine(message.monitor === null && message.event ? eventTitle(scene) : message.subject)
  return head + fitText(name, Math.max(8, SUBJECT_LENGTH - [...head, ...tail].length)) + tail
}

const eventTitle = ({ message, words }: Scene): string =>
  isBlindness(message) && message.reason === 'resolved'
    ? words.blind.sees
    : eventTitleOf(eventKind(message.event ?? {}), message.subject, words)

/** The first sentences: what, since when, for how long. */
const opening = (scene: Scene): string[] => {
  const { message, words, times, now, since } = scene
  const what = named(message)
  const ago = peopleDuration(now - since)
  const degraded = isDegraded(message)
  if (message.reason === 'test') return [words.testLine, words.testMeaning]
  if (message.reason === 'resolved') {
    const duration = message.duration_ms ?? 0
    const end = since + duration
    const span = [times.second(since), times.second(end), peopleDuration(duration, 4)] as const
    if (message.monitor === null) return [words.eventFromTo(...span)]
    if (isFlapping(message)) return [words.stableSince(what, times.second(end)), words.flappedFromTo(...span)]
    return degraded
      ? [words.fineSince(what, times.second(end)), words.degradedFromTo(...span)]
      : [words.answersSince(what, times.second(end)), words.downFromTo(...span)]
  }
  const { flapping } = message
  if (flapping) return [words.flapsSince(what, flapping.changes, times.second(since), ago, flapping.now === 'down')]
  if (message.monitor === null) return [words.eventSince(eventTitle(scene), times.second(since), ago)]
  return [
    degraded ? words.degradedSince(what, times.second(since), ago) : words.downSince(what, times.second(since), ago),
  ]
}

/** Where it broke. */
const lastHopLines = ({ message, words }: Scene): string[] => {
  const { last_hop, path_changed, answers_ping } = message
  if (last_hop !== undefined) return [words.lastHop(oneLine(last_hop), path_changed === true)]
  return answers_ping ? [words.answersPing] : []
}

const lastHopShort = ({ message, words }: Scene): string => {
  const hop = message.last_hop_monitor ?? message.last_hop
  if (hop !== undefined) return words.lastHopShort(oneLine(hop))
  return message.answers_ping ? words.answersPingShort : ''
}

const labelled = (label: string, value: string | undefined): string[] => (value ? [`${label}: ${value}`] : [])

/** What names an event or its cause stands above; `fingerprint` is for programs. */
const ABOVE = new Set(['type', 'labels', 'detection_type', 'problem', 'cause', 'fingerprint'])

/** Whether the message says this field elsewhere already. */
const isSaid = (key: string, value: unknown, { cause, labels, since, event }: Message): boolean =>
  ABOVE.has(key) ||
  value === cause ||
  value === labels[key] ||
  ((key === 'status' || key === 'state') && (value === 'firing' || value === 'resolved')) ||
  (key === 'since' && value === Date.parse(since)) ||
  // Begin and end as Prometheus sent them.
  (event?.fingerprint !== undefined && (key === 'starts_at' || key === 'ends_at'))

const eventFields = (message: Message): string[] =>
  Object.entries(message.event ?? {})
    .filter(([key, value]) => !isSaid(key, value, message) && ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, EVENT_FIELDS)
    .map(([key, value]) => `${key}: ${fitText(oneLine(String(value)), 200)}`)

/** Who else cannot be reached, or came back. */
const impactLines = ({ message, words }: Scene): string[] => {
  const { affected, reason } = message
  if (!affected) return []
  const { count, subscribers, down } = affected
  if (reason !== 'resolved') return labelled(words.impact, words.affected(count, subscribers, message.url !== null))
  const more = down.length > ITEMS_NAMED ? ` … +${down.length - ITEMS_NAMED}` : ''
  const names = down.slice(0, ITEMS_NAMED).map(oneLine).join(', ') + more
  return [words.back(count - down.length, count), ...(down.length > 0 ? [words.stillDownList(names)] : [])]
}

/** Which channel should have told it. */
const insteadLines = ({ message, words }: Scene): string[] =>
  message.instead_of === undefined ? [] : [words.insteadOf(oneLine(message.instead_of))]

const bodyLines = (scene: Scene): string[] => {
  const { message, words, times, now } = scene
  const zone = times.zone(now)
  const links = [...labelled(words.acknowledge, message.ack_url), ...labelled(words.view, message.url ?? undefined)]
  const tail = [...links, words.zone(zone.city, zone.offset)]
  if (message.reason === 'digest') return [...insteadLines(scene), ...digestLines(message, words, times), ...tail]
  const open = message.reason !== 'resolved' && message.reason !== 'test'
  const blindness = isBlindness(message)
  const duration = peopleDuration(now - scene.since)
  return [
    ...(message.delayed_ms === undefined ? [] : [`${words.delayed(peopleDuration(message.delayed_ms))}.`]),
    ...insteadLines(scene),
    ...(blindness ? blindnessLines(message, words, times, now) : opening(scene)),
    ...(message.reason === 'reminder' ? [words.reminderLine(message.reminder_number ?? 1, duration)] : []),
    ...handLines(message, words, times),
    ...impactLines(scene),
    ...(blindness ? [] : [...labelled(words.cause, causeText(message, words)), ...eventFields(message)]),
    ...lastHopLines(scene),
    ...labelled(words.about, message.description),
    ...labelled(words.place, message.location),
    ...labelled(words.rule, message.rule ?? undefined),
    ...labelled(
      words.labels,
      Object.entries(message.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    ),
    ...labelled(words.guide, message.runbook),
    ...(open ? nextNoticeLines(message, words, times, now) : []),
    ...tail,
  ]
}

/** The first line of a chat message of an outage says what a subject has no room for. */
const chatTitle = (scene: Scene, subject: string): string => {
  const { message, words, times, since } = scene
  const { affected, reason, duration_ms: duration = 0 } = message
  if (message.monitor === null || isFlapping(message) || !['first', 'resolved'].includes(reason)) return subject
  const name = `${stateWord(scene)} ${oneLine(message.subject)}`
  const parts =
    reason === 'first'
      ? [affected && words.affectedChat(affected.count, affected.subscribers), words.sinceTime(times.minute(since))]
      : [
          `${subjectTail(scene).join()} (${times.minute(since)}–${times.minute(since + duration)})`,
          affected && words.backShort(affected.count - affected.down.length, affected.count),
        ]
  return [name, ...parts].filter(Boolean).join(' · ')
}

/** The second one: why, where, and who has it. */
const chatDetail = (scene: Scene): string => {
  const { message, words, times, since } = scene
  const { reason, affected, duration_ms: duration = 0 } = message
  if (reason === 'digest') return digestLines(message, words, times).join('\n')
  const titled = message.monitor !== null && !isFlapping(message)
  const resolved = reason === 'resolved'
  return [
    reason === 'test' && words.testLine,
    resolved && !titled && `${times.minute(since)}–${times.minute(since + duration)}`,
    message.flapping && opening(scene)[0],
    isAgain(message) && affected && words.affectedSubject(affected.count),
    isBlindness(message) ? blindnessShort(message, words) : causeText(message, words),
    lastHopShort(scene),
    message.location,
    ...handLines(message, words, times),
    ...(resolved && affected && affected.down.length > 0 ? impactLines(scene).slice(1) : []),
  ]
    .filter(Boolean)
    .join(' · ')
}

const chatOf = (scene: Scene, subject: string, token: string | undefined): Rendered['chat'] => {
  const { message, words } = scene
  const title = chatTitle(scene, subject)
  return {
    mark: markOf(message),
    title: message.delayed_ms === undefined ? title : `${words.delayed(peopleDuration(message.delayed_ms))} · ${title}`,
    detail: [chatDetail(scene), ...insteadLines(scene)].filter(Boolean).join('\n'),
    color: colorOf(message),
    links: [
      ...(message.ack_url ? [{ label: words.acknowledge, url: message.ack_url, acknowledges: true }] : []),
      ...(message.url ? [{ label: words.view, url: message.url }] : []),
      ...(message.runbook && URL.canParse(message.runbook) ? [{ label: words.guide, url: message.runbook }] : []),
    ],
    ...(token !== undefined && {
      actions: [
        { kind: 'acknowledge', label: words.acknowledge, token },
        { kind: 'silence', label: words.silence, token },
      ],
    }),
  }
}

/** Writes one message for one channel. Pure: the same facts at the same moment give the same text. */
export const renderMessage = (message: Message, { language, timeZone, now, ackToken }: RenderOptions): Rendered => {
  const words = texts[language]
  const scene: Scene = {
    message,
    words,
    times: createTimes(language, timeZone, now),
    language,
    now,
    since: Date.parse(message.since),
  }
  const subject = subjectLine(scene)
  const lines = bodyLines(scene)
  return {
    message: { ...message, message: subject },
    language,
    timeZone,
    subject,
    lines,
    // Written only where somebody mails it: it is half of the work.
    get html() {
      return mailHtml({ message, language, subject, lines, footer: words.footer })
    },
    chat: chatOf(scene, subject, ackToken),
  }
}
