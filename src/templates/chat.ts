import { endedAt } from '#core/message/ended-at.ts'
import type { Rendered } from '#core/message/message.ts'
import { oneLine } from '#lib/text/one-line.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import { handLines, isAgain } from './attention.ts'
import { causeLabel, impactLines, insteadLines, noticeLines } from './body.ts'
import { causeText } from './cause.ts'
import { colorOf, markOf } from './colors.ts'
import { digestLines } from './digest.ts'
import { closedLines, meanwhileLines, unwatchedPart } from './endings.ts'
import { isOwn, ownShort } from './own-words.ts'
import { dependantsOf, dependantsShort, isFlapping, type Scene } from './scene.ts'
import { stateWord, subjectTail } from './subject.ts'

const lastHopShort = ({ message, words }: Scene): string => {
  const hop = message.last_hop_monitor ?? message.last_hop
  if (hop !== undefined) return words.lastHopShort(oneLine(hop))
  return message.answers_ping ? words.answersPingShort : ''
}

/** From when to when it was: with seconds where it is the same minute. */
const span = ({ message, times, since }: Scene): string => {
  const [from, until] = [times.minute(since), times.minute(endedAt(message))]
  return from === until ? `${times.second(since)}–${times.second(endedAt(message))}` : `${from}–${until}`
}

/** The first line of a chat message of an outage says what a subject has no room for. */
const chatTitle = (scene: Scene, subject: string): string => {
  const { message, words, times, since } = scene
  const { affected, reason } = message
  if (message.monitor === null || isFlapping(message) || !['first', 'resolved'].includes(reason)) return subject
  const dependants = dependantsOf(scene)
  const name = `${stateWord(scene)} ${oneLine(message.subject)}`
  const parts =
    reason === 'first'
      ? [
          affected && dependants.words.chat(dependants.count, affected.subscribers),
          words.sinceTime(times.minute(since)),
        ]
      : [
          `${subjectTail(scene).join()} (${span(scene)})`,
          affected && words.backShort(affected.count - affected.down.length, affected.count),
        ]
  return [name, ...parts].filter(Boolean).join(' · ')
}

/** The second one: why, where, and who has it. */
const chatDetail = (scene: Scene): string => {
  const { message, words, times, now, since } = scene
  const { reason, affected, flapping } = message
  if (reason === 'digest') return digestLines(message, words, times, scene.language).join('\n')
  if (message.notice) return noticeLines(scene).join('\n')
  const titled = message.monitor !== null && !isFlapping(message)
  const resolved = reason === 'resolved'
  const cause = causeText(message, words)
  const told = cause && resolved ? `${causeLabel(message, words)}: ${cause}` : cause
  const why = isOwn(message) ? ownShort(message, words) : told
  return [
    reason === 'test' && words.testLine,
    resolved && !titled && span(scene),
    flapping && words.flapsShort(flapping.changes, peopleDuration(now - since), flapping.now === 'down'),
    isAgain(message) && affected && dependantsShort(scene),
    why,
    lastHopShort(scene),
    message.location,
    ...unwatchedPart(message, words),
    ...closedLines(message, words),
    ...meanwhileLines(message, words, times),
    ...handLines(message, words, times),
    ...(resolved && affected && affected.down.length > 0 ? impactLines(scene).slice(1) : []),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** A chat message: two lines, links, and buttons that act on `token` where there is one. */
export const chatOf = (scene: Scene, subject: string, token: string | undefined): Rendered['chat'] => {
  const { message, words } = scene
  const title = chatTitle(scene, subject)
  return {
    mark: markOf(message),
    title: message.delayed_ms === undefined ? title : `${words.delayed(peopleDuration(message.delayed_ms))} · ${title}`,
    detail: [chatDetail(scene), ...insteadLines(scene)].filter(Boolean).join('\n'),
    color: colorOf(message),
    links: [
      ...(message.ack_url && !message.meanwhile
        ? [{ label: words.acknowledge, url: message.ack_url, acknowledges: true }]
        : []),
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
