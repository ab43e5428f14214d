import type { DigestItem, Language, Message, Rendered } from '#core/message.ts'
import type { ErrorCode } from '#core/result.ts'
import { colorOf, markOf } from './colors.ts'
import { createTimes, fitText, peopleDuration, type Times } from './format.ts'
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

/** True for a message that comes again, because it is still open. */
const isAgain = ({ reason }: Message): boolean => reason === 'reminder' || reason === 'escalated'

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

const itemCounts = (items: readonly DigestItem[]) => ({
  down: items.filter(({ state }) => state === 'down').length,
  degraded: items.filter(({ state }) => state === 'degraded').length,
  recovered: items.filter(({ state }) => state === 'up').length,
  other: items.filter(({ state }) => !['down', 'degraded', 'up'].includes(state)).length,
})

/** What a subject says after the name: how long, which notice, or when. */
const subjectTail = (scene: Scene): string[] => {
  const { message, words, times, now, since } = scene
  const { reason } = message
  if (reason === 'test') return [times.minute(now)]
  if (reason === 'resolved') {
    const duration = peopleDuration(message.duration_ms ?? 0)
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
  if (message.reason === 'digest') {
    const from = times.minute(scene.since)
    const group = Object.values(message.labels).filter(Boolean).join(' ')
    const head = `${words.summary}${group ? ` ${fitText(oneLine(group), 20)}` : ''} ${from}–${times.minute(scene.now)} · `
    return fitText(head + words.digestSubject(itemCounts(message.items ?? [])), SUBJECT_LENGTH)
  }
  const head = `${stateWord(scene)} `
  const tail = subjectTail(scene)
    .map((part) => ` · ${part}`)
    .join('')
  const name = oneLine(message.monitor === null && message.event ? eventTitle(scene) : message.subject)
  return head + fitText(name, Math.max(8, SUBJECT_LENGTH - [...head, ...tail].length)) + tail
}

const oneLine = (text: string): string => text.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim()

/** What an event that is about no monitor is called: its type in words, and whom it concerns. */
const eventTitle = ({ message: { event, subject }, words }: Scene): string => {
  // What a source names its finding says more than the type that all its findings have.
  const kind = String(event?.alertname ?? event?.detection_type ?? event?.problem ?? event?.type ?? '')
  if (Object.hasOwn(words.eventTitles, kind)) return words.eventTitles[kind]!(subject)
  const title = kind.replaceAll('_', ' ')
  return title === '' || title === subject ? subject : `${title} ${subject}`
}

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

/** The probe's own words stand in English; another language says it in its own first. */
const causeText = ({ message, words, language }: Scene): string | undefined => {
  const own = message.code === undefined ? undefined : words.causes[message.code as ErrorCode]
  const detail = message.cause ?? undefined
  if (message.quality && words.quality) return words.quality(message.quality)
  const attempts = message.attempts !== undefined && message.attempts > 1 ? `, ${words.attempts(message.attempts)}` : ''
  if (language === 'en' || !own) return detail === undefined ? own : `${detail}${attempts}`
  return `${own}${attempts}${detail ? ` (${detail})` : ''}`
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

const digestLines = ({ message, words, times }: Scene): string[] => {
  const items = message.items ?? []
  const line = (label: string, chosen: readonly DigestItem[]) => {
    if (chosen.length === 0) return []
    const shown = chosen.slice(0, ITEMS_NAMED).map(({ subject, since, cause, affected }) => {
      const impact = affected === undefined ? '' : words.affectedShort(affected)
      const detail = [times.minute(Date.parse(since)), impact || (cause ?? '')].filter(Boolean).join(', ')
      return `${oneLine(subject)} (${detail})`
    })
    const more = chosen.length > ITEMS_NAMED ? ` … +${chosen.length - ITEMS_NAMED}` : ''
    return [`${label}: ${shown.join(' · ')}${more}`]
  }
  const of = (...states: string[]) => items.filter(({ state }) => states.includes(state))
  const rest = items.filter(({ state }) => !['down', 'degraded', 'up'].includes(state))
  const held = items.reduce((sum, item) => sum + item.held, 0)
  return [
    ...line(words.downNow, of('down')),
    ...line(words.degradedNow, of('degraded')),
    ...line(words.openNow, rest),
    ...line(words.recoveredSince, of('up')),
    words.held[message.why ?? 'limit'](held),
  ]
}

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

/** Who has it: on what comes again also that nobody has. */
const handLines = ({ message, words, times }: Scene): string[] => {
  const { ack } = message
  if (!ack) return isAgain(message) ? [words.notAcknowledged] : []
  const until = ack.until === undefined ? undefined : times.minute(Date.parse(ack.until))
  return [words.acknowledged(ack.by, times.minute(Date.parse(ack.at)), ack.note && oneLine(ack.note), until)]
}

/** Which channel should have told it. */
const insteadLines = ({ message, words }: Scene): string[] =>
  message.instead_of === undefined ? [] : [words.insteadOf(oneLine(message.instead_of))]

const bodyLines = (scene: Scene): string[] => {
  const { message, words, times, now } = scene
  const zone = times.zone(now)
  const links = [...labelled(words.acknowledge, message.ack_url), ...labelled(words.view, message.url ?? undefined)]
  const tail = [...links, words.zone(zone.city, zone.offset)]
  if (message.reason === 'digest') return [...insteadLines(scene), ...digestLines(scene), ...tail]
  const open = message.reason !== 'resolved' && message.reason !== 'test'
  const duration = peopleDuration(now - scene.since)
  const next = Date.parse(message.next_notice ?? '')
  return [
    ...(message.delayed_ms === undefined ? [] : [`${words.delayed(peopleDuration(message.delayed_ms))}.`]),
    ...insteadLines(scene),
    ...opening(scene),
    ...(message.reason === 'reminder' ? [words.reminderLine(message.reminder_number ?? 1, duration)] : []),
    ...handLines(scene),
    ...impactLines(scene),
    ...labelled(words.cause, causeText(scene)),
    ...lastHopLines(scene),
    ...eventFields(message),
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
    // A message that comes late announces nothing that is past.
    ...(open && next > now ? [words.nextNotice(times.minute(next))] : []),
    ...tail,
  ]
}

const chatOf = (scene: Scene, subject: string, token: string | undefined): Rendered['chat'] => {
  const { message, words, times, since } = scene
  const impact = message.affected && message.reason !== 'resolved' ? words.affectedSubject(message.affected.count) : ''
  const parts = [impact, causeText(scene), lastHopShort(scene), message.location, ...handLines(scene)]
  const place = parts.filter(Boolean).join(' · ')
  const digest = message.reason === 'digest' ? digestLines(scene).join('\n') : undefined
  const span =
    message.reason === 'resolved'
      ? `${times.minute(since)}–${times.minute(since + (message.duration_ms ?? 0))}`
      : undefined
  const first = message.reason === 'test' ? words.testLine : undefined
  return {
    mark: markOf(message),
    title:
      message.delayed_ms === undefined ? subject : `${words.delayed(peopleDuration(message.delayed_ms))} · ${subject}`,
    detail: [digest ?? [first, span, place].filter(Boolean).join(' · '), ...insteadLines(scene)]
      .filter(Boolean)
      .join('\n'),
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
