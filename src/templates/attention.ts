import type { Message } from '#core/message/message.ts'
import { oneLine } from '#lib/text/one-line.ts'
import type { Times } from './format.ts'
import type { Texts } from './texts/index.ts'

/** True for a message that comes again, because it is still open. */
export const isAgain = ({ reason }: Message): boolean => reason === 'reminder' || reason === 'escalated'

/** How the link of a message signs for who follows it. */
const BY_LINK = /^(.*) \(by link\)$/s

/** Who has it: on what comes again also that nobody has. */
export const handLines = (message: Message, words: Texts, times: Times): string[] => {
  const { ack } = message
  if (!ack) return isAgain(message) ? [words.notAcknowledged] : []
  const over = message.reason === 'resolved' || ack.until === undefined
  const until = over ? undefined : times.minute(Date.parse(ack.until))
  return [
    words.acknowledged(
      ack.by.replace(BY_LINK, (_, name: string) => words.byLink(name)),
      times.minute(Date.parse(ack.at)),
      ack.note && oneLine(ack.note),
      until,
    ),
  ]
}

/** When it is told again: not before who has it has had it for as long as was said, and never what is past. */
export const nextNoticeLines = (message: Message, words: Texts, times: Times, now: number): string[] => {
  const { ack, next_notice: next } = message
  if (next === undefined || (ack && ack.until === undefined)) return []
  const at = Math.max(Date.parse(next), ack ? Date.parse(ack.until!) : 0)
  return at > now ? [words.nextNotice(times.minute(at), ack !== undefined)] : []
}
