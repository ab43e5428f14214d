import { Malformed, readName } from './cursor.ts'
import { type ReadRecord, readRecord } from './record.ts'

export interface Reply {
  readonly rcode: number
  readonly sections: readonly [answer: Section, authority: Section, additional: Section]
}
type Section = readonly ReadRecord[]

const HEADER = 12
/** Bytes behind the name of a question. */
const QUESTION_TAIL = 4

const endOfQuestions = (message: Buffer): number => {
  let at = HEADER
  for (let left = message.readUInt16BE(4); left > 0 && at < message.length; left--) {
    at = readName(message, at).next + QUESTION_TAIL
    if (at > message.length) throw new Malformed('question')
  }
  return at
}

/** A message may hold fewer records than it says: it is read to its end. */
const readSection = (message: Buffer, start: number, count: number): { records: Section; next: number } => {
  const records: ReadRecord[] = []
  let at = start
  while (records.length < count && at < message.length) {
    const record = readRecord(message, at)
    records.push(record)
    at = record.next
  }
  return { records, next: at }
}

/** All of a message, of whatever question; throws Malformed for what is none. */
export const readReply = (message: Buffer): Reply => {
  if (message.length < HEADER) throw new Malformed('header')
  const answer = readSection(message, endOfQuestions(message), message.readUInt16BE(6))
  const authority = readSection(message, answer.next, message.readUInt16BE(8))
  const additional = readSection(message, authority.next, message.readUInt16BE(10))
  const extended = additional.records.findLast(({ extendedRcode }) => extendedRcode !== undefined)?.extendedRcode ?? 0
  return {
    rcode: (message[3]! & 15) | (extended << 4),
    sections: [answer.records, authority.records, additional.records],
  }
}
