import type { Alert } from '#core/alert/alert.ts'
import type { VigiaEvent } from '#core/event/event.ts'
import type { Repositories } from '#storage/index.ts'
import { atOnce, type Write } from '../watch/persistence.ts'
import { type EvaluateInput, evaluate } from './evaluate.ts'
import { concluding, lookersOf } from './ingest.ts'
import type { RecordDeps } from './record.ts'
import { createToldNow } from './told-now.ts'

/** The last trouble of a monitor, and what is open of it. */
interface Found {
  readonly event: VigiaEvent
  readonly open: readonly Alert[]
}

/** Whether any rule that may look at a monitor has no open alert of it. */
const lacksAny = (id: number, open: readonly Alert[], { registry }: Pick<RecordDeps, 'registry'>): boolean => {
  const has = new Set(open.map(({ ruleId }) => ruleId))
  const isHeard = registry.monitor(id)!.rule.channelIds.length > 0
  return (
    has.size === 0 ||
    (isHeard && !has.has(null)) ||
    registry.rules.candidates('monitor_state').some((rule) => !has.has(rule.id))
  )
}

/** What looks at it that has no open alert of it: what is counted in a time is not counted twice, nor anybody told twice. */
const lackingOf = async (
  { event, open }: Found,
  deps: RecordDeps,
  { notifications }: Repositories,
): Promise<EvaluateInput> => {
  const input = lookersOf(event, deps)
  const has = new Set(open.map(({ ruleId }) => ruleId))
  const told = createToldNow()
  for (const { id, facts } of open)
    for (const channelId of await notifications.channelsHearing(id, facts.state)) told.knows(channelId)
  const matching: EvaluateInput['rules']['matching'] = (type, fields) =>
    input.rules.matching(type, fields).filter((rule) => !has.has(rule.id) && rule.rate === undefined)
  return { ...input, own: has.has(null) ? undefined : input.own, rules: { ...input.rules, matching }, told }
}

/** Monitors of these that the store has in trouble of which some rule has no open alert. */
const lackingAny = async (
  ids: readonly number[],
  deps: Pick<RecordDeps, 'registry'>,
  { states, alerts, events }: Pick<Repositories, 'states' | 'alerts' | 'events'>,
): Promise<readonly Found[]> => {
  const stored = (await states.some(ids)).filter(({ state }) => state === 'down' || state === 'degraded')
  const known = stored.filter(({ monitorId }) => deps.registry.monitor(monitorId))
  if (known.length === 0) return []
  const firing = Map.groupBy(await alerts.firingAll(), ({ monitorId }) => monitorId)
  const found: Found[] = []
  for (const { monitorId } of known) {
    const open = firing.get(monitorId) ?? []
    if (!lacksAny(monitorId, open, deps)) continue
    const [last] = await events.list({ limit: 1, type: 'monitor_state', monitorId })
    if (last) found.push({ event: last, open })
  }
  return found
}

/**
 * Looks again at monitors whose trouble may have opened no alert, for they were in maintenance, or a rule is new: what is
 * still down is told now, dated from its beginning. True when anything was told.
 */
export const reopen = async (deps: RecordDeps, write: Write = atOnce): Promise<boolean> => {
  const { storage, network, registry, quiets, now } = deps
  const isOver = (id: number) =>
    !registry.monitor(id) || network.inMaintenance(id, quiets().maintenance, now()) === undefined
  const muted = network.muted().filter(isOver)
  if (muted.length === 0) return false
  // Most times there is nothing to tell, and a read costs no disk flush.
  const isLacking = (await lackingAny(muted, deps, storage)).length > 0
  network.unmute(muted)
  if (!isLacking) return false
  return write(() =>
    concluding(deps, async (repositories, findings) => {
      let told = false
      // Read anew: it may watch something else by now, and what was known of it is forgotten.
      for (const one of await lackingAny(muted, deps, repositories))
        told = (await evaluate(await lackingOf(one, deps, repositories), findings, repositories)) || told
      return told
    }),
  )
}
