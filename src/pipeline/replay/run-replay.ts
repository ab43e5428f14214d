import { isDeepStrictEqual } from 'node:util'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { WordedTransition } from '#core/monitor/transition.ts'
import { compileRule, looksAt } from '#core/rule/rule-spec.ts'
import { eachEvent } from '#storage/event-reader.ts'
import { openResultReader } from '#storage/history/result-reader.ts'
import { createBacktestJudge } from '../decide/backtest-judge.ts'
import { compareTold } from './compare-told.ts'
import type { ReplayOrder, ReplayReport, ReplaySide } from './replay-order.ts'
import { createStateReplay, eachResult, noteUnwell, type Unwell } from './state-replay.ts'
import { replayTelling } from './told-replay.ts'

/** What decides about the state of a monitor. */
const policyOf = ({
  failures,
  successes,
  intervalMs,
  retryIntervalMs,
  recoveryIntervalMs,
  resetFailures,
  degraded,
}: Monitor) => ({
  failures,
  successes,
  intervalMs,
  retryIntervalMs,
  recoveryIntervalMs,
  resetFailures,
  latencyMs: degraded?.latencyMs,
})

const isSparser = (before: Monitor, after: Monitor): boolean =>
  after.intervalMs > before.intervalMs ||
  after.retryIntervalMs > before.retryIntervalMs ||
  after.recoveryIntervalMs > before.recoveryIntervalMs

interface Replayed {
  readonly before: WordedTransition[]
  readonly after: WordedTransition[]
  readonly unwell: ReadonlyMap<number, Unwell>
  readonly results: number
  readonly unseen: string[]
  readonly since: number
}

/** Steps the states of all monitors over their stored results, for both configurations in one reading. */
const replayStates = ({ historyPath, from, to, before, after }: ReplayOrder): Replayed => {
  const reader = openResultReader(historyPath)
  const wanted = new Map(after.monitors.map((monitor) => [monitor.id, monitor]))
  const unwell = new Map<number, Unwell>()
  const changes = { before: [] as WordedTransition[], after: [] as WordedTransition[] }
  const unseen: string[] = []
  let results = 0
  for (const monitor of before.monitors) {
    const other = wanted.get(monitor.id)
    const one = createStateReplay(monitor, from, false)
    const same = !other || isDeepStrictEqual(policyOf(monitor), policyOf(other))
    const two = same ? undefined : createStateReplay(other, from, isSparser(monitor, other))
    const spans: Unwell = { from: [], to: [] }
    unwell.set(monitor.id, spans)
    const count = eachResult(reader?.of(monitor.id, from, to) ?? [], from, to, (at, bucket, code) => {
      one.take(at, bucket, code)
      two?.take(at, bucket, code)
      noteUnwell(spans, at, code)
    })
    if (count === 0) unseen.push(monitor.name)
    results += count
    changes.before.push(...one.changes)
    if (other) changes.after.push(...(two ?? one).changes)
  }
  const since = reader?.since ?? 0
  reader?.close()
  const inOrder = (those: WordedTransition[]) => those.sort((a, b) => a.at - b.at || a.monitorId - b.monitorId)
  return { before: inOrder(changes.before), after: inOrder(changes.after), unwell, results, unseen, since }
}

const add = (messages: Map<number, number>, ids: readonly number[]) => {
  for (const id of ids) messages.set(id, (messages.get(id) ?? 0) + 1)
}

/** Rules that look at other events than changes of monitors, and are not the same in both. */
const changedRules = (one: ReplaySide, other: ReplaySide) => {
  const others = new Map(other.rules.map((rule) => [rule.name, rule]))
  const said = ({ rules }: ReplaySide, name: string) => rules.find((rule) => rule.name === name)
  return one.rules.filter(
    (rule) =>
      rule.enabled &&
      rule.type !== 'monitor_state' &&
      !isDeepStrictEqual(said(one, rule.name), others.has(rule.name) ? said(other, rule.name) : undefined),
  )
}

/** What changed rules would have sent of stored events, by the judge of the back-test. */
const replayRules = ({ path, from, tooOldMs, before, after }: ReplayOrder) => {
  const judged = ([before, after] as const).map((side, index) => {
    const messages = new Map<number, number>()
    const rules = changedRules(side, index === 0 ? after : before).flatMap((rule) => compileRule(rule) ?? [])
    return { messages, rules: rules.map((rule) => ({ rule, judge: createBacktestJudge(rule, tooOldMs, 'UTC') })) }
  })
  const all = judged.flatMap(({ rules }) => rules)
  let events = 0
  if (all.length > 0) {
    const types = all.some(({ rule }) => rule.spec.type === 'custom')
      ? undefined
      : [...new Set(all.map(({ rule }) => rule.spec.type))]
    eachEvent(path, { types, from }, (event) => {
      events++
      for (const { messages, rules } of judged)
        for (const { rule, judge } of rules)
          if (looksAt(rule.spec.type, event.type) && event.type !== 'monitor_state' && judge.judge(event))
            add(messages, rule.channelIds)
    })
  }
  return { events, before: judged[0]!.messages, after: judged[1]!.messages }
}

/** Compares what two configurations tell of the same results and events. Blocks its thread for as long as that takes. */
export const runReplay = (order: ReplayOrder): ReplayReport => {
  const { from, to, before, after, quiets } = order
  const states = replayStates(order)
  const told = {
    before: replayTelling(before, states.before, states.unwell, quiets, to),
    after: replayTelling(after, states.after, states.unwell, quiets, to),
  }
  const rules = replayRules(order)
  const names = new Map([...before.channels, ...after.channels].map(({ id, name }) => [id, name]))
  const sum = (one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>, id: number) =>
    (one.get(id) ?? 0) + (other.get(id) ?? 0)
  const messages = [...names].map(([id, channel]) => ({
    channel,
    before: sum(told.before.messages, rules.before, id),
    after: sum(told.after.messages, rules.after, id),
  }))
  const kept = new Map(after.monitors.map((monitor) => [monitor.id, monitor]))
  const monitors = before.monitors
    .filter(({ id }) => kept.has(id))
    .map(({ id, name }) => ({ id, name, hears: kept.get(id)!.channels.length > 0 }))
  return {
    from,
    to,
    monitors: monitors.length,
    results: states.results,
    events: rules.events,
    messages: messages.filter((one) => one.before > 0 || one.after > 0),
    ...compareTold(told.before, told.after, monitors),
    unseen: states.unseen,
    resultsSince: states.since > from ? states.since : null,
  }
}
