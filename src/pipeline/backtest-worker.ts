import { parentPort, workerData } from 'node:worker_threads'
import { compileRule, looksAt } from '#core/rule/rule-spec.ts'
import { eachEvent } from '#storage/event-reader.ts'
import { createBacktestJudge } from './decide/backtest-judge.ts'
import type { BacktestOrder } from './decide/backtest-order.ts'

/** One back-test in a thread of its own: reads the store beside the server, answers once and ends. */

const { path, rule, types, from, tooOldMs, timeZone } = workerData as BacktestOrder
const { judge, result } = createBacktestJudge(compileRule(rule)!, tooOldMs, timeZone)
eachEvent(path, { types, from }, (event) => {
  if (looksAt(rule.type, event.type)) judge(event)
})
parentPort!.postMessage(result())
