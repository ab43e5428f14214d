import { endedAt } from '#core/message/ended-at.ts'
import type { Message } from '#core/message/message.ts'
import { oneLine } from '#lib/text/one-line.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import { handLines, nextNoticeLines } from './attention.ts'
import { causeText } from './cause.ts'
import { digestLines } from './digest.ts'
import { closedLines, isDoubtful, meanwhileLines, unanswered, unwatchedPart } from './endings.ts'
import { eventFieldLines } from './event-fields.ts'
import { mannerOf, wrongStatus } from './manner.ts'
import { ownLines } from './own-words.ts'
import {
  dependantsOf,
  eventTitle,
  isAboutServer,
  isDegraded,
  isFlapping,
  isTestOfSomething,
  lastedFor,
  type Scene,
} from './scene.ts'
import type { Texts } from './texts/index.ts'
import { noticeWords } from './texts/notices.ts'

const ITEMS_NAMED = 20

/** `POP-07 (10.7.0.1)`: the target only where it says more than the name. */
const named = ({ subject, target }: Message, words: Texts): string =>
  target && target !== subject && !subject.includes(target) ? `${subject} (${words.target(target)})` : subject

const backSince = (message: Message, what: string, at: string, words: Texts): string => {
  const manner = mannerOf(message)
  if (manner === 'silent') return words.answersSince(what, at)
  return manner === 'wrong' ? words.fineSince(what, at) : words.callsSince(what, at)
}

/** A title at the head of a sentence. */
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** How long it was, as far as anybody looked. */
const watchedFor = (ms: number, message: Message, words: Texts, parts = 4): string =>
  [peopleDuration(ms, parts), ...unwatchedPart(message, words)].join(', ')

/** From when to when it was, by what it was. */
const lastedWords = (message: Message, words: Texts) => {
  if (isFlapping(message)) return words.flappedFromTo
  return isDegraded(message) ? words.degradedFromTo : words.downFromTo
}

/** That it is a test comes first; then how it would read if it were not. */
const testOpening = (scene: Scene): string[] => {
  const { message, words } = scene
  if (!isTestOfSomething(message)) return [words.testLine, words.testMeaning]
  return [words.testLine, words.testReads, ...opening({ ...scene, message: { ...message, reason: 'first' } })]
}

/** The first sentences: what, since when, for how long. */
const opening = (scene: Scene): string[] => {
  const { message, words, times, now, since } = scene
  const what = named(message, words)
  const ago = peopleDuration(now - since)
  const degraded = isDegraded(message)
  if (message.reason === 'test') return testOpening(scene)
  if (message.reason === 'resolved') {
    const end = endedAt(message)
    const lasted = watchedFor(message.duration_ms ?? 0, message, words)
    const span = [times.second(since), times.second(end), lasted] as const
    const ended = unanswered(message)
    if (ended) return [words.endedLine[ended](what, times.second(end)), ...closedLines(message, words)]
    if (message.monitor === null) return [words.eventFromTo(...span), ...closedLines(message, words)]
    const lastedFromTo = lastedWords(message, words)(...span)
    if (isDoubtful(message)) return [lastedFromTo]
    if (isFlapping(message)) return [words.stableSince(what, times.second(end)), lastedFromTo]
    return [
      degraded ? words.fineSince(what, times.second(end)) : backSince(message, what, times.second(end), words),
      lastedFromTo,
    ]
  }
  const { flapping } = message
  if (flapping) return [words.flapsSince(what, flapping.changes, times.second(since), ago, flapping.now === 'down')]
  if (message.monitor === null) return [words.eventSince(capital(eventTitle(scene)), times.second(since), ago)]
  const at = times.second(since)
  const down = words.downSince[mannerOf(message)]
  return [degraded ? words.degradedSince(what, at, ago) : down(what, at, ago, wrongStatus(message))]
}

/** Where it broke. */
const lastHopLines = ({ message, words }: Scene): string[] => {
  const { last_hop, path_changed, answers_ping } = message
  if (last_hop !== undefined) return [words.lastHop(oneLine(last_hop), path_changed === true)]
  return answers_ping ? [words.answersPing] : []
}

const labelled = (label: string, value: string | undefined): string[] => (value ? [`${label}: ${value}`] : [])

/** Who else cannot be reached, or came back. */
export const impactLines = (scene: Scene): string[] => {
  const { message, words } = scene
  const { affected, reason } = message
  if (!affected) return []
  const { count, silent, subscribers, down } = affected
  const dependants = dependantsOf(scene)
  if (reason !== 'resolved')
    return [dependants.words.line(dependants.count, { subscribers, silent, link: message.url !== null })]
  const more = down.length > ITEMS_NAMED ? ` … +${down.length - ITEMS_NAMED}` : ''
  const names = down.slice(0, ITEMS_NAMED).map(oneLine).join(', ') + more
  return [words.back(count - down.length, count), ...(down.length > 0 ? [words.stillDownList(names)] : [])]
}

/** Which channel should have told it. */
export const insteadLines = ({ message, words }: Scene): string[] =>
  message.instead_of === undefined ? [] : [words.insteadOf(oneLine(message.instead_of))]

const howOpen = (message: Message): 'down' | 'degraded' | 'open' => {
  if (message.monitor === null) return 'open'
  return isDegraded(message) ? 'degraded' : 'down'
}

/** What its end brings with it is so now, where the server tells of itself; of all else it says how it had been. */
export const causeLabel = (message: Message, words: Texts): string => {
  if (message.reason !== 'resolved') return words.cause
  return isAboutServer(message) ? words.isNow : words.hadBeen
}

/** What people asked to be told, line by line. */
export const noticeLines = ({ message: { notice }, language, times }: Scene): readonly string[] =>
  notice ? noticeWords(notice, language).lines(notice, times) : []

const lateLines = ({ message, words }: Scene): string[] =>
  message.delayed_ms === undefined ? [] : [`${words.delayed(peopleDuration(message.delayed_ms))}.`]

/** All that a mail says, line by line. */
export const bodyLines = (scene: Scene): string[] => {
  const { message, words, times, now } = scene
  const { city, offset } = times.zone(now)
  const links = [...labelled(words.acknowledge, message.ack_url), ...labelled(words.view, message.url ?? undefined)]
  const tail = [...links, city === 'UTC' ? '(UTC)' : words.zone(city, offset)]
  if (message.reason === 'digest')
    return [...insteadLines(scene), ...digestLines(message, words, times, scene.language), ...tail]
  if (message.notice) return [...lateLines(scene), ...insteadLines(scene), ...noticeLines(scene), ...tail]
  const open = message.reason !== 'resolved' && message.reason !== 'test'
  const own = ownLines(message, words, times, now)
  const duration = watchedFor(lastedFor(scene), message, words, 2)
  return [
    ...lateLines(scene),
    ...meanwhileLines(message, words, times),
    ...insteadLines(scene),
    ...(own ?? opening(scene)),
    ...(message.reason === 'reminder'
      ? [words.reminderLine(message.reminder_number ?? 1, duration, howOpen(message))]
      : []),
    ...handLines(message, words, times),
    ...impactLines(scene),
    ...(own
      ? []
      : [
          ...labelled(causeLabel(message, words), causeText(message, words)),
          ...eventFieldLines(message, words, times),
        ]),
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
    ...(open && !message.meanwhile ? nextNoticeLines(message, words, times, now) : []),
    ...tail,
  ]
}
