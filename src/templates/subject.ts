import type { Message } from '#core/message/message.ts'
import type { Notice } from '#core/message/notice.ts'
import { oneLine } from '#lib/text/one-line.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import { isAgain } from './attention.ts'
import { isBlindness } from './blindness.ts'
import { isDailySummary, openAlerts } from './daily-summary.ts'
import { digestSubject } from './digest.ts'
import { isDoubtful, meanwhileTail, unanswered } from './endings.ts'
import { fitMiddle, fitText } from './format.ts'
import { isResolverSilence } from './resolver-silence.ts'
import {
  dependantsShort,
  eventTitle,
  isAboutServer,
  isDegraded,
  isFlapping,
  isTestOfSomething,
  lastedFor,
  type Scene,
} from './scene.ts'
import { noticeWords } from './texts/notices.ts'

/** A lock screen shows this much. */
const SUBJECT_LENGTH = 60
/** A phrase that is cut shorter than this says nothing. */
const SHORTEST_PHRASE = 4

/** The state word that a subject begins with. */
export const stateWord = (scene: Scene): string => {
  const { message, words } = scene
  const { reason, monitor } = message
  const degraded = isDegraded(message)
  if (reason === 'test')
    return isTestOfSomething(message)
      ? `${words.test} ${stateWord({ ...scene, message: { ...message, reason: 'first' } })}`
      : words.test
  if (reason === 'digest' || isDailySummary(message)) return words.summary
  if (isDoubtful(message)) return words.ended
  if (monitor === null) {
    if (reason === 'resolved') return isAboutServer(message) ? words.recovered : words.resolved
    return isAgain(message) ? words.stillFiring : words.severities[message.severity]
  }
  if (unanswered(message)) return words.ended
  if (isFlapping(message)) return reason === 'resolved' ? words.stable : words.flapping
  if (reason === 'resolved') return words.recovered
  if (isAgain(message)) return degraded ? words.stillDegraded : words.stillDown
  return degraded ? words.degraded : words.down
}

/** The reminder is the next notice after those before it: the first of all was the first. */
const noticeNumber = ({ reminder_number: reminders = 1 }: Message): number => reminders + 1

const resolvedTail = (scene: Scene): string[] => {
  const { message, words } = scene
  const duration = peopleDuration(message.duration_ms ?? 0)
  if (isResolverSilence(message)) return [words.resolver.lasted(duration)]
  if (isBlindness(message)) return [words.blind.lasted(duration)]
  const ended = unanswered(message)
  if (ended) return [words.endedBy[ended]]
  if (message.monitor === null) return [words.lasted(duration)]
  if (isFlapping(message)) return [words.flapped(duration)]
  return [isDegraded(message) ? words.wasDegraded(duration) : words.wasDown(duration)]
}

/** What a subject says after the name: how long, which notice, or when. */
export const subjectTail = (scene: Scene): string[] => {
  const { message, words, times, now, since } = scene
  const { reason, affected, monitor } = message
  if (reason === 'test') return [times.minute(now)]
  if (reason === 'resolved') return resolvedTail(scene)
  if (reason === 'reminder') return [peopleDuration(lastedFor(scene)), words.notice(noticeNumber(message))]
  if (reason === 'escalated') return [peopleDuration(lastedFor(scene)), words.unattended]
  if (isDailySummary(message)) return [words.day.open(openAlerts(message)), times.minute(since)]
  if (reason === 'repeat' && monitor === null) return [words.oneMore, times.minute(now)]
  return [...(affected ? [dependantsShort(scene)] : []), times.minute(since)]
}

/** What an event is called, in so much room: the phrase is cut, and not whom it is about. Undefined where it has no room. */
const fitTitle = (title: string, subject: string, room: number, isWhole: boolean): string | undefined => {
  if ([...title].length <= room) return title
  if (isWhole) return undefined
  const at = title.lastIndexOf(subject)
  const phrase = room - [...title.slice(at)].length
  return at > 0 && phrase >= SHORTEST_PHRASE
    ? `${fitText(title.slice(0, at - 1), phrase - 1)} ${title.slice(at)}`
    : undefined
}

/** A notice says what it is, of what, and when. */
const noticeSubject = (notice: Notice, { language, times }: Scene): string => {
  const { word, tail } = noticeWords(notice, language)
  const behind = ` · ${tail(notice, times)}`
  return `${word} ${fitMiddle(oneLine(notice.name), SUBJECT_LENGTH - [...word, ...behind].length - 1)}${behind}`
}

/**
 * State, name, and how long or when, on a lock screen: what is too long loses its phrase, then what stands behind the
 * name, the last first. A name that fills a screen by itself is cut in its middle: what tells it apart stands at its end.
 */
export const subjectLine = (scene: Scene): string => {
  const { message, words, times } = scene
  if (message.notice) return noticeSubject(message.notice, scene)
  if (message.reason === 'digest') return digestSubject(message, words, times, scene.now, SUBJECT_LENGTH)
  const head = `${stateWord(scene)} `
  const tail = subjectTail(scene).map((part) => ` · ${part}`)
  // What is so by now is the last that may be missing.
  const now = meanwhileTail(message, words, times).map((part) => ` · ${part}`)
  const isEvent = message.monitor === null && message.event !== undefined
  const subject = oneLine(isEvent ? words.eventSubject(message.subject) : message.subject)
  const titled = isDailySummary(message) ? words.day.name : isEvent ? oneLine(eventTitle(scene)) : subject
  for (let parts = tail.length; parts >= 0; parts--) {
    const behind = [...tail.slice(0, parts), ...now].join('')
    // How many of what in what time is no phrase: the clock goes first.
    const isWhole = message.rate !== undefined && parts > 0
    const fitted = fitTitle(titled, subject, SUBJECT_LENGTH - [...head, ...behind].length, isWhole)
    if (fitted !== undefined) return head + fitted + behind
  }
  return head + fitMiddle(titled, SUBJECT_LENGTH - [...head, ...now.join('')].length) + now.join('')
}
