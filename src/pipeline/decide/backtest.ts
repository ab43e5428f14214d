import type { BacktestResult } from '#core/rule/backtest-result.ts'
import { type CompiledRule, looksAt } from '#core/rule/rule-spec.ts'
import { startThread } from '#lib/thread.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Storage } from '#storage/index.ts'
import { createBacktestJudge } from './backtest-judge.ts'
import type { BacktestOrder } from './backtest-order.ts'

/** Events read and judged before others get their turn: a few milliseconds. */
const SLICE = 1000

/** In a thread beside the server's own: a million events take seconds in which nobody else would be answered. */
const inThread = (order: BacktestOrder): Promise<BacktestResult> => {
  const worker = startThread('pipeline/backtest-worker', { name: 'back-test', data: order })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.on('error', reject)
    worker.once('exit', (code) => reject(new Error(`the back-test ended without an answer, exit code ${code}`)))
  })
}

/** A database server does the reading itself; here its answers are judged a slice at a time. */
const inSlices = async (
  rule: CompiledRule,
  { types, from, tooOldMs, timeZone }: Omit<BacktestOrder, 'path' | 'rule'>,
  { storage, timers }: BacktestDeps,
) => {
  const { judge, result } = createBacktestJudge(rule, tooOldMs, timeZone)
  for (let after = 0; ; ) {
    const slice = await storage.events.scan({ types, from, after, limit: SLICE })
    for (const event of slice) if (looksAt(rule.spec.type, event.type)) judge(event)
    if (slice.length < SLICE) return result()
    after = slice.at(-1)!.id
    await timers.turn()
  }
}

/** Runs an unsaved rule over the stored events since a moment (ms), in the order in which they came. Changes nothing. */
export type Backtest = (rule: CompiledRule, from: number) => Promise<BacktestResult>

export interface BacktestDeps {
  readonly storage: Storage
  readonly timers: Pick<Timers, 'turn'>
  /** The server's zone, by which days are counted; absent: UTC. */
  readonly timeZone?: () => string
}

/** One back-test after the other: each one may keep a core busy for seconds. */
export const createBacktest = (deps: BacktestDeps, tooOldMs: number): Backtest => {
  const { storage } = deps
  const run: Backtest = (rule, from) => {
    const { type } = rule.spec
    const types = type === 'custom' ? undefined : [type]
    const order = { types, from, tooOldMs, timeZone: deps.timeZone?.() ?? 'UTC' }
    return storage.path === undefined
      ? inSlices(rule, order, deps)
      : inThread({ path: storage.path, rule: rule.spec, ...order })
  }
  let last: Promise<unknown> = Promise.resolve()
  return (rule, from) => {
    const result = last.then(() => run(rule, from))
    last = result.catch(() => {})
    return result
  }
}
