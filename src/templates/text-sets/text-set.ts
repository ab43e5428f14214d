import type { Message } from '#core/message/message.ts'

interface WrittenText {
  readonly subject: string
  readonly lines: readonly string[]
}

/** What a set needs beside the facts. */
export interface WritingMoment {
  /** Of sending, ms. */
  readonly now: number
}

/**
 * The words of one older tool: subject and body as it sent them, to the byte, for who reads them by a program or by habit.
 * Undefined for what it had no words for: then ours are sent.
 */
export type TextSet = (message: Message, moment: WritingMoment) => WrittenText | undefined

/** What an older tool would have told as a failure, or as its end. */
export const outageOf = ({ reason, monitor, state, flapping }: Message): 'failed' | 'restored' | undefined => {
  if (monitor === null || flapping) return undefined
  if (reason === 'resolved') return 'restored'
  return state === 'down' && reason !== 'digest' && reason !== 'test' ? 'failed' : undefined
}
