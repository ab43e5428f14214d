import { oneLine } from '#lib/text/one-line.ts'
import { isAgain } from './attention.ts'
import { isBlindness } from './blindness.ts'
import { digestSubject } from './digest.ts'
import { meanwhileTail, unanswered } from './endings.ts'
import { fitText, peopleDuration } from './format.ts'
import { isResolverSilence } from './resolver-silence.ts'
import { eventTitle, isDegraded, isFlapping, lastedFor, type Scene } from './scene.ts'

/** A lock screen shows this much. */
const SUBJECT_LENGTH = 60

/** The state word that a subject begins with. */
export const stateWord = ({ message, words }: Scene): string => {
  const { reason, monitor } = message
  const degraded = isDegraded(message)
  if (reason === 'test') return words.test
  if (reason === 'digest') return words.summary
  if (monitor === null) {
    if (reason === 'resolved') return words.resolved
    return isAgain(message) ? words.stillFiring : words.severities[message.severity]
  }
  if (unanswered(message)) return words.ended
  if (isFlapping(message)) return reason === 'resolved' ? words.stable : words.flapping
  if (reason === 'resolved') return words.recovered
  if (isAgain(message)) return degraded ? words.stillDegraded : words.stillDown
  return degraded ? words.degraded : words.down
}

/** What a subject says after the name: how long, which notice, or when. */
export const subjectTail = (scene: Scene): string[] => {
  const { message, words, times, now, since } = scene
  const { reason } = message
  if (reason === 'test') return [times.minute(now)]
  if (reason === 'resolved') {
    const duration = peopleDuration(message.duration_ms ?? 0)
    if (isResolverSilence(message)) return [words.resolver.lasted(duration)]
    if (isBlindness(message)) return [words.blind.lasted(duration)]
    const ended = unanswered(message)
    if (ended) return [words.endedBy[ended]]
    if (message.monitor === null) return [words.lasted(duration)]
    if (isFlapping(message)) return [words.flapped(duration)]
    return [isDegraded(message) ? words.wasDegraded(duration) : words.wasDown(duration)]
  }
  if (reason === 'reminder') return [peopleDuration(lastedFor(scene)), words.notice(message.reminder_number ?? 1)]
  if (reason === 'escalated') return [peopleDuration(lastedFor(scene)), words.unattended]
  const { affected } = message
  return [...(affected ? [words.affectedSubject(affected.count)] : []), times.minute(since)]
}

/** What an event is called, in so much room: the phrase is cut, and not whom it is about. */
const fitTitle = (title: string, subject: string, room: number): string => {
  const at = title.indexOf(subject)
  const phrase = room - [...title.slice(at)].length
  return at > 0 && phrase > 3
    ? `${fitText(title.slice(0, at - 1), phrase - 1)} ${title.slice(at)}`
    : fitText(title, room)
}

/** State, name, and how long or when: cut in the phrase where it is too long, in the name where nothing else helps. */
export const subjectLine = (scene: Scene): string => {
  const { message, words, times } = scene
  if (message.reason === 'digest') return fitText(digestSubject(message, words, times, scene.now), SUBJECT_LENGTH)
  const head = `${stateWord(scene)} `
  const tail = [...subjectTail(scene), ...meanwhileTail(message, words, times)].map((part) => ` · ${part}`).join('')
  const subject = oneLine(message.subject)
  const name = message.monitor === null && message.event ? oneLine(eventTitle(scene)) : subject
  return head + fitTitle(name, subject, Math.max(8, SUBJECT_LENGTH - [...head, ...tail].length)) + tail
}
