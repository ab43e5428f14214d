import type { Message } from '#core/message/message.ts'
import { oneLine } from '#lib/text/one-line.ts'
import { peopleDuration, type Times } from './format.ts'
import type { Texts, Unanswered } from './texts/texts.ts'

const UNANSWERED: ReadonlySet<string> = new Set<Unanswered>(['changed', 'removed', 'paused', 'hand', 'time'])

type Ending = Pick<Message, 'reason' | 'monitor' | 'resolved_by'>

/** Why the alert of a monitor ended though it did not answer; undefined for everything else. */
export const unanswered = ({ reason, monitor, resolved_by: by }: Ending): Unanswered | undefined =>
  reason === 'resolved' && monitor !== null && by !== undefined && UNANSWERED.has(by) ? (by as Unanswered) : undefined

/** What is so by now of a message that could not leave in time, as its subject says it. */
export const meanwhileTail = ({ meanwhile, reason }: Message, words: Texts, times: Times): string[] => {
  if (!meanwhile) return []
  const at = times.minute(Date.parse(meanwhile.since))
  return [reason === 'resolved' ? words.again(at) : words.overAgain(at)]
}

/** The same as a sentence. */
export const meanwhileLines = ({ meanwhile, reason }: Message, words: Texts, times: Times): string[] => {
  if (!meanwhile) return []
  const at = times.second(Date.parse(meanwhile.since))
  return [reason === 'resolved' ? words.againSince(at) : words.overSince(at)]
}

/** Who closed it by hand. */
export const closedLines = ({ closed_by: by }: Message, words: Texts): string[] =>
  by === undefined ? [] : [words.closedBy(oneLine(by))]

/** For how long nobody looked, where that was so. */
export const unwatchedPart = ({ unwatched_ms: ms }: Message, words: Texts): string[] =>
  ms === undefined ? [] : [words.notWatched(peopleDuration(ms))]
