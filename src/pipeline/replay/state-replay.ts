import type { Monitor } from '#core/monitor/monitor.ts'
import {
  advance,
  initialState,
  isSteady,
  type MonitorState,
  nextInterval,
  readingOf,
  type StatePolicy,
} from '#core/monitor/state.ts'
import type { WordedTransition } from '#core/monitor/transition.ts'
import { bucketMs } from '#core/result/latency-bucket.ts'
import { ERROR_CODES, type Verdict, verdictOf } from '#core/result/result.ts'
import type { Block } from '#storage/history/block.ts'

/** What stored results say of each code. */
const VERDICTS: readonly Verdict[] = ERROR_CODES.map((code) => verdictOf(code === 'ok', code))
/** A look is not late for its turn by less than this part of its wait. */
const SLACK = 0.1

/** When a target was not well, ms: from a look that found it so to the next that did not. */
export interface Unwell {
  readonly from: number[]
  readonly to: number[]
}

/** Steps one monitor's state over its stored results, as the engine did over the looks themselves. */
export interface StateReplay {
  readonly changes: readonly WordedTransition[]
  take(at: number, bucket: number, code: number): void
}

/** `sparse`: it would have been looked at less often, so what comes before its next turn is left out. */
export const createStateReplay = (monitor: Monitor, from: number, sparse: boolean): StateReplay => {
  const { degraded, ...plain } = monitor
  const { id: monitorId } = monitor
  const limit = degraded?.latencyMs
  // What a window of packets says is not in single results.
  const policy: StatePolicy = limit === undefined ? plain : { ...plain, degraded: { latencyMs: limit } }
  const changes: WordedTransition[] = []
  let state: MonitorState = initialState(from)
  let dueAt = Number.NEGATIVE_INFINITY

  return {
    changes,
    take: (at, bucket, index) => {
      if (sparse && at < dueAt) return
      const code = ERROR_CODES[index] ?? 'internal'
      const verdict = VERDICTS[index] ?? 'failed'
      const reading =
        verdict === 'ok' && limit !== undefined ? readingOf(policy, true, code as 'ok', bucketMs(bucket)) : verdict
      if (reading !== 'ok' || !isSteady(state)) {
        const { state: next, change } = advance(state, policy, reading, at)
        state = next
        if (change)
          changes.push({ monitorId, ...change, at, code: code as 'ok', cause: undefined, sentence: '', facts: {} })
      }
      if (sparse) dueAt = at + nextInterval(state, policy) * (1 - SLACK)
    },
  }
}

/** Notes when looks found a target not well. */
export const noteUnwell = (unwell: Unwell, at: number, code: number): void => {
  const open = unwell.from.length > unwell.to.length
  if (VERDICTS[code] === 'ok') {
    if (open) unwell.to.push(at)
  } else if (!open) unwell.from.push(at)
}

/** Hands all results of a monitor in `[from, to)` to `take`; how many there were. */
export const eachResult = (
  blocks: Iterable<Block>,
  from: number,
  to: number,
  take: (at: number, bucket: number, code: number) => void,
): number => {
  let [count, last] = [0, Number.NEGATIVE_INFINITY]
  for (const { at, buckets, codes } of blocks)
    for (let index = 0; index < at.length; index++) {
      const time = at[index]!
      // Late ones lie in blocks of their own: what is decided already is not decided anew.
      if (time < from || time >= to || time < last) continue
      last = time
      count++
      take(time, buckets[index]!, codes[index]!)
    }
  return count
}
