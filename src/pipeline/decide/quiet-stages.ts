import type { Alert } from '#core/alert/alert.ts'
import type { NotifyContext } from '#core/alert/notify-reason.ts'
import { labelsOf, type VigiaEvent } from '#core/event/event.ts'
import { addressOf } from '#core/event/event-addresses.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { type MatchFacts, type Quiet, quietFor } from '#core/rule/matcher.ts'
import type { Rule } from '#core/rule/rule.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Correlated } from './correlated.ts'
import type { Network } from './network.ts'
import type { Quiets } from './quiets.ts'

export interface QuietInput {
  readonly alert: Alert
  readonly rule: Rule
  readonly event: VigiaEvent | undefined
  readonly monitor: Monitor | undefined
  readonly quiets: Quiets
  /** What is known of the network; absent where nothing depends on anything. */
  readonly network?: Pick<Network, 'hindrance' | 'affected' | 'state' | 'inMaintenance'> | undefined
  /** Gathers several signals about one subject; absent where nothing does. */
  readonly correlated?: Correlated | undefined
  readonly now: number
}

/** What keeps an alert quiet, and what explains it. */
type Hold = Required<Pick<NotifyContext, 'quiet'>> & { readonly because?: JsonObject }

type Stage = (input: QuietInput, facts: () => MatchFacts) => Hold | undefined

/** What silences and windows look at of an alert. */
export const factsOf = (
  alert: Alert,
  rule: Rule,
  event: VigiaEvent | undefined,
  monitor: Monitor | undefined,
): MatchFacts => ({
  subject: alert.subject,
  // Few ask for it.
  get address() {
    return monitor ? undefined : addressOf({ subject: alert.subject, data: event?.data ?? alert.data })
  },
  severity: alert.severity,
  type: event?.type ?? alert.facts.event_type ?? 'monitor_state',
  rule: rule.name,
  monitor: monitor?.name ?? null,
  labels: monitor?.labels ?? labelsOf(event?.data ?? alert.data),
})

const isPaused: Stage = ({ alert, monitor }) =>
  monitor?.paused && alert.status === 'firing' ? { quiet: { kind: 'paused' } } : undefined

const during = (kind: 'maintenance' | 'silenced', quiet: Quiet | undefined): Hold | undefined =>
  quiet && { because: { id: quiet.id }, quiet: { kind, until: quiet.endsAt } }

const inMaintenance: Stage = ({ quiets, monitor, network, now }, facts) =>
  during(
    'maintenance',
    quietFor(quiets.maintenance, facts(), now) ??
      (monitor && network?.inMaintenance(monitor.id, quiets.maintenance, now)),
  )

const isSilenced: Stage = ({ quiets, now }, facts) => during('silenced', quietFor(quiets.silences, facts(), now))

/** One alert speaks for several signals about its subject. */
const isGathered: Stage = ({ alert, correlated }) => {
  const gathered = correlated?.of(alert)
  return gathered === undefined ? undefined : { because: { alert: gathered }, quiet: { kind: 'correlated' } }
}

/**
 * Its start is told, its end is told; in between only what other than up and down happens. Nor is it news that it flapped,
 * once nobody sees whether it still does.
 */
const goesOnFlapping: Stage = ({ alert, monitor, network }) => {
  if (!monitor || alert.status !== 'firing' || alert.facts.state !== 'flapping') return undefined
  const isUnseen = network?.state(monitor.id) === 'unknown'
  return alert.lastToldAt !== null || isUnseen ? { because: { monitors: [] }, quiet: { kind: 'flapping' } } : undefined
}

/** A parent is down, has just come back, or is being looked at. */
const isBehind: Stage = ({ alert, monitor, network, now }) => {
  if (!monitor || alert.status !== 'firing') return undefined
  const hindrance = network?.hindrance(monitor, alert.since, alert.openedAt, now)
  return hindrance && { because: { monitors: [...hindrance.monitors] }, quiet: hindrance }
}

/**
 * All that may keep something from being told, in the order in which it is asked; `explain` names the first that holds.
 *
 * - of an event: below the threshold, too few for the rate, too old, in maintenance (`evaluate.ts`);
 * - of an alert: the stages of this list;
 * - of what people know: ends are not told, acknowledged, in the cooldown, no reminder is due (`core/alert/notify-reason.ts`);
 * - of a message: the channel's limit, its groups, a storm, quiet hours (`core/message/gather.ts`).
 */
const STAGES: readonly Stage[] = [isPaused, inMaintenance, isSilenced, isGathered, goesOnFlapping, isBehind]

/** What keeps an alert quiet now; empty when nothing does. */
export const quietContext = (input: QuietInput): Partial<Hold> => {
  let known: MatchFacts | undefined
  const facts = () => {
    known ??= factsOf(input.alert, input.rule, input.event, input.monitor)
    return known
  }
  for (const stage of STAGES) {
    const hold = stage(input, facts)
    if (hold) return hold
  }
  return {}
}
