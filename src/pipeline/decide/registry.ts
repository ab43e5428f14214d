import type { Alert } from '#core/alert/alert.ts'
import { eventFields } from '#core/event/event.ts'
import { severityRank } from '#core/event/severity.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { monitorEvent } from '#core/monitor/monitor-event.ts'
import { createTopology, type Topology } from '#core/monitor/topology.ts'
import type { WordedTransition } from '#core/monitor/transition.ts'
import { monitorRule, type Rule } from '#core/rule/rule.ts'
import { createRuleIndex, type RuleIndex } from '#core/rule/rule-index.ts'
import { type CompiledRule, compileRule, type WrittenRule } from '#core/rule/rule-spec.ts'

export interface KnownMonitor {
  readonly monitor: Monitor
  /** What it watches, for people. */
  readonly target: string
  /** The rule that it carries by naming channels. */
  readonly rule: Rule
}

/** What is configured at this moment, as the pipeline looks it up. */
export interface Registry {
  replace(monitors: readonly Monitor[], channels: readonly Channel[]): void
  replaceRules(rules: readonly WrittenRule[]): void
  /** Names of monitors that are looked at for the sake of others: by themselves they are nobody's news. */
  helpers(names: readonly string[]): void
  isHelper(monitorId: number): boolean
  /** Names of the channels that hear of the server itself; undefined: all that are enabled. */
  tellOwn(channels: readonly string[] | undefined): void
  /** Written rules by the events that they look at. */
  readonly rules: RuleIndex
  /** Every written rule, disabled ones included. */
  rule(id: number): CompiledRule | undefined
  writtenRules(): readonly CompiledRule[]
  monitors(): readonly KnownMonitor[]
  monitor(id: number): KnownMonitor | undefined
  monitorNamed(name: string): KnownMonitor | undefined
  /** Another number after each change: who keeps something of what is configured sees that it may be out of date. */
  generation(): number
  /** Who is reached through whom. */
  topology(): Topology
  /** The rule under which the server tells of itself. */
  ownRule(): Rule
  channel(id: number): Channel | undefined
  channels(): readonly Channel[]
  /** True when no channel hears of the trouble of a monitor. */
  nobodyHears(monitorId: number): boolean
  /** The rule that speaks for an alert; undefined when it is gone or disabled, and says nothing any more. */
  ruleOf(alert: Alert): { readonly rule: Rule; readonly monitor: Monitor | undefined } | undefined
}

/** A rule whose rate is unchanged goes on counting where it was. */
const keepRate = (rule: CompiledRule | undefined, before: CompiledRule | undefined): CompiledRule | undefined =>
  rule && before?.rate && JSON.stringify(rule.spec.rate) === JSON.stringify(before.spec.rate)
    ? { ...rule, rate: before.rate }
    : rule

/** A fall as it may come. */
const downOf = ({ id: monitorId }: Monitor): WordedTransition => ({
  monitorId,
  from: 'up',
  to: 'down',
  at: 0,
  since: 0,
  previousSince: 0,
  code: 'timeout',
  cause: undefined,
  sentence: '',
  facts: {},
})

const OWN_RULE: Omit<Rule, 'channelIds'> = {
  id: null,
  name: null,
  monitorId: null,
  reminderMs: [],
  cooldownMs: 0,
  cooldownScope: 'subject',
  resolveAfterMs: null,
  repeats: false,
  notifyRecovery: true,
}

export const createRegistry = (describe: (monitor: Monitor) => string): Registry => {
  let known = new Map<number, KnownMonitor>()
  /** The same as a list: who asks at every request gets no new one. */
  let list: readonly KnownMonitor[] = []
  let named = new Map<string, KnownMonitor>()
  let generation = 0
  let channels = new Map<number, Channel>()
  let rules = new Map<number, CompiledRule>()
  let index = createRuleIndex([])
  let topology = createTopology([])
  let ownChannels: readonly string[] | undefined
  let helping: ReadonlySet<string> = new Set()
  const isHelper = (id: number) => helping.has(known.get(id)?.monitor.name ?? '')
  const ownRule = (): Rule => ({
    ...OWN_RULE,
    channelIds: [...channels.values()]
      .filter(({ name, enabled }) => ownChannels?.includes(name) ?? enabled)
      .map(({ id }) => id),
  })
  /** A rule sends by those of its channels that are there and enabled. */
  const sendByLiveChannels = () => {
    const live = ({ spec }: CompiledRule) => spec.channelIds.filter((id) => channels.get(id)?.enabled)
    rules = new Map([...rules].map(([id, rule]) => [id, { ...rule, channelIds: live(rule) }]))
    index = createRuleIndex([...rules.values()])
  }

  /** Whether a written rule would tell somebody that a monitor is down. */
  const ruleHears = ({ monitor, target }: KnownMonitor): boolean => {
    const event = monitorEvent(monitor, downOf(monitor), target)
    const { severity } = event
    return index
      .matching(event.type, eventFields(event))
      .some(
        ({ channelIds, spec }) =>
          channelIds.length > 0 && (spec.severity === null || severityRank(severity) >= severityRank(spec.severity)),
      )
  }

  return {
    replace: (monitors, newChannels) => {
      generation++
      channels = new Map(newChannels.map((channel) => [channel.id, channel]))
      const idByName = new Map(newChannels.filter(({ enabled }) => enabled).map(({ name, id }) => [name, id]))
      const channelIds = ({ channels: names }: Monitor) =>
        names.map((name) => idByName.get(name)).filter((id) => id !== undefined)
      known = new Map(
        monitors.map((monitor) => [
          monitor.id,
          { monitor, target: describe(monitor), rule: monitorRule(monitor, channelIds(monitor)) },
        ]),
      )
      list = [...known.values()]
      named = new Map(list.map((one) => [one.monitor.name, one]))
      topology = createTopology(monitors)
      sendByLiveChannels()
    },
    tellOwn: (names) => {
      ownChannels = names
    },
    helpers: (names) => {
      helping = new Set(names)
    },
    isHelper,
    ownRule,
    topology: () => topology,
    monitors: () => list,
    monitor: (id) => known.get(id),
    monitorNamed: (name) => named.get(name),
    generation: () => generation,
    channel: (id) => channels.get(id),
    channels: () => [...channels.values()],
    nobodyHears: (id) => {
      const one = known.get(id)
      return one !== undefined && one.rule.channelIds.length === 0 && !isHelper(id) && !ruleHears(one)
    },
    replaceRules: (written) => {
      const before = rules
      const compiled = written.map((rule) => keepRate(compileRule(rule), before.get(rule.id)))
      rules = new Map(compiled.filter((rule) => rule !== undefined).map((rule) => [rule.id, rule]))
      generation++
      sendByLiveChannels()
    },
    rules: {
      candidates: (type) => index.candidates(type),
      matching: (type, fields) => index.matching(type, fields),
    },
    rule: (id) => rules.get(id),
    writtenRules: () => [...rules.values()],
    ruleOf: ({ ruleId, monitorId }) => {
      if (ruleId === null && monitorId === null) return { rule: ownRule(), monitor: undefined }
      const monitor = monitorId === null ? undefined : known.get(monitorId)
      const written = ruleId === null ? undefined : rules.get(ruleId)
      const rule = ruleId === null ? monitor?.rule : written?.spec.enabled ? written : undefined
      return rule && { rule, monitor: monitor?.monitor }
    },
  }
}
