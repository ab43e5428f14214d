import type { SilentReason } from '#core/event/silent-log.ts'
import type { Refusal } from './layouts.ts'
import type { ZeekCounts } from './parser.ts'

/** Lines of a log that are waited for before it is said that none of them can be read. */
const LEAST_LINES = 5

const REASONS: Readonly<Partial<Record<Refusal, SilentReason>>> = {
  'no header before it': 'no_header',
  'too few columns': 'no_header',
  'not JSON': 'not_json',
  'written by a shipper': 'shipper',
  'no time': 'wrong_time',
  'a time that cannot be': 'wrong_time',
}

/**
 * Why nothing was read of a log of which lines came; undefined where something was, or another log of Zeek was met, or where
 * too few lines came to say so.
 */
export const refusalOf = (
  { records, other, bad, reasons }: Pick<ZeekCounts, 'records' | 'other' | 'bad' | 'reasons'>,
  leastLines = LEAST_LINES,
): SilentReason | undefined => {
  if (records > 0 || other > 0 || bad < leastLines) return undefined
  // An object over several lines begins as JSON, and goes on as nothing.
  if (reasons['not JSON'] !== undefined && reasons['written by a shipper'] === undefined) return 'not_json'
  const [[most] = []] = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  return REASONS[most as Refusal] ?? 'other_fields'
}
