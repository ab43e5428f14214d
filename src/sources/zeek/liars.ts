import { writtenAt } from '#core/event/record.ts'
import type { ZeekRecord } from '#core/event/zeek-record.ts'

const DAY_MS = 86_400_000
/** Records behind one that are asked whether it lies. */
export const WITNESSES = 32
/** So many must say so, and half of those asked: a single one may be wrong itself. */
const LEAST_WITNESSES = 3

/** True where those that come behind were written more than a day before it. */
const isLiar = (records: readonly ZeekRecord[], index: number): boolean => {
  const earliest = writtenAt(records[index]!) - DAY_MS
  const end = Math.min(records.length, index + 1 + WITNESSES)
  let earlier = 0
  for (let other = index + 1; other < end; other++) if (writtenAt(records[other]!) < earliest) earlier++
  return earlier >= LEAST_WITNESSES && earlier * 2 >= end - index - 1
}

/**
 * Records of one log, in its order, without those that claim to be from days after what was written behind them: two
 * writers that shared a file leave such times, and whoever believes one of them holds everything real for late. The same
 * array where there is none, which is nearly always.
 */
export const withoutLiars = (records: readonly ZeekRecord[]): readonly ZeekRecord[] => {
  let earliest = Number.POSITIVE_INFINITY
  let liars: Set<ZeekRecord> | undefined
  for (let index = records.length - 1; index >= 0; index--) {
    const record = records[index]!
    const at = writtenAt(record)
    if (at - DAY_MS > earliest && isLiar(records, index)) {
      liars ??= new Set()
      liars.add(record)
    } else if (at < earliest) earliest = at
  }
  return liars ? records.filter((record) => !liars.has(record)) : records
}
