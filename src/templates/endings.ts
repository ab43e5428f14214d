import { isUnseenEnd, type UnseenEnd } from '#core/alert/unseen-end.ts'
import type { Meanwhile, Message } from '#core/message/message.ts'
import { oneLine } from '#lib/text/one-line.ts'
import { peopleDuration } from '#lib/time/people-duration.ts'
import type { Times } from './format.ts'
import type { Texts } from './texts/texts.ts'

type Ending = Pick<Message, 'reason' | 'monitor' | 'resolved_by'>

/** Why the alert of a monitor ended though it did not answer; undefined for everything else. */
export const unanswered = ({ reason, monitor, resolved_by: by }: Ending): UnseenEnd | undefined =>
  reason === 'resolved' && monitor !== null && isUnseenEnd(by) ? by : undefined

const kindOf = ({ state }: Meanwhile): keyof Texts['late'] => (state === 'over' || state === 'ended' ? state : 'again')

/** An end that is late, of what may be in trouble again: it says from when to when it was, and not that all is well. */
export const isDoubtful = ({ reason, meanwhile }: Pick<Message, 'reason' | 'meanwhile'>): boolean =>
  reason === 'resolved' && meanwhile?.state === 'ended'

/** What is so by now of a message that could not leave in time, as its subject says it. */
export const meanwhileTail = (message: Message, words: Texts, times: Times): string[] => {
  const { meanwhile } = message
  return meanwhile && !isDoubtful(message)
    ? [words.late[kindOf(meanwhile)](times.minute(Date.parse(meanwhile.since)))]
    : []
}

/** The same as a sentence. */
export const meanwhileLines = ({ meanwhile }: Message, words: Texts, times: Times): string[] =>
  meanwhile ? [words.lateSentence[kindOf(meanwhile)](times.second(Date.parse(meanwhile.since)))] : []

/** Who closed it by hand. */
export const closedLines = ({ closed_by: by }: Message, words: Texts): string[] =>
  by === undefined ? [] : [words.closedBy(oneLine(by))]

/** For how long nobody looked, where that was so. */
export const unwatchedPart = ({ unwatched_ms: ms }: Message, words: Texts): string[] =>
  ms === undefined ? [] : [words.notWatched(peopleDuration(ms))]
