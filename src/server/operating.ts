import { channelTypes } from '#channels/index.ts'
import type { Attention } from '#core/alert/attention.ts'
import type { DutyRota } from '#core/duty/duty.ts'
import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { JsonObject } from '#lib/json.ts'
import { type AlertOperations, createAlertOperations } from '#operations/alerts.ts'
import { createBanOperations } from '#operations/bans.ts'
import { createChannelOperations } from '#operations/channels.ts'
import { createDutyOperations } from '#operations/duty.ts'
import type { Operations } from '#operations/index.ts'
import { createMapOperations } from '#operations/map.ts'
import { createMonitorOperations } from '#operations/monitors.ts'
import { createNotificationOperations } from '#operations/notifications.ts'
import { createOperate, type Operate } from '#operations/operation.ts'
import { createPlanOperations } from '#operations/plans.ts'
import { createPredictionOperations } from '#operations/predictions.ts'
import { createQuietOperations } from '#operations/quiets.ts'
import { createRuleOperations, type RuleDeps } from '#operations/rules.ts'
import { createScheduleOperations } from '#operations/schedules.ts'
import { createSettingOperations } from '#operations/settings.ts'
import { createShiftOperations } from '#operations/shift.ts'
import { createTestOperations, type TestDeps } from '#operations/tests.ts'
import { createWallOperations } from '#operations/wall.ts'
import type { Bans } from '#pipeline/ban/bans.ts'
import type { Schedules } from '#pipeline/clockwork/schedules.ts'
import { createEndOfMonitor } from '#pipeline/decide/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/decide/end-of-rule.ts'
import { planMaintenance } from '#pipeline/decide/plan-maintenance.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import { alertWords } from '#pipeline/tell/alert-words.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import type { Deciding } from './deciding.ts'
import { isForPeople } from './for-people.ts'
import type { Live } from './live-event.ts'
import type { ServerOptions } from './options.ts'
import type { Targets } from './targets.ts'
import type { Writing } from './writing.ts'

export interface AttendingDeps extends Pick<Deciding, 'quiets' | 'network'>, Partial<Pick<Deciding, 'correlated'>> {
  readonly storage: Storage
  readonly registry: Registry
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
  readonly now: () => number
  /** The server's. */
  readonly timeZone: () => string
}

/** What people do about alerts, and what it stands on. */
export interface Attending {
  readonly operate: Operate
  /** Puts silences and windows in force: what they held back and no longer do is told at the next turn of the clock. */
  readonly quietsInForce: () => Promise<void>
  readonly alerts: AlertOperations
  readonly attention: Attention
}

export const createAttending = (deps: AttendingDeps): Attending => {
  const { storage, registry, quiets, network, correlated, live, wake, now, timeZone } = deps
  const { ruleOf } = registry
  const operate = createOperate({ storage, now, announce: live.publish })
  const quietsInForce = async () => {
    await planMaintenance(storage, now())
    await quiets.reload()
    await storage.transaction(({ alerts }) => alerts.lookAgain(now()))
  }
  const alerts = createAlertOperations({
    operate,
    registry,
    ruleOf,
    quiets: quiets.current,
    network,
    correlated,
    silenced: quietsInForce,
    wake,
    onChange: (id, status) => live.publish('alert', { id, status }),
  })
  const view: Attention['view'] = (id, language) =>
    alertWords(id, language, { storage, ruleOf, affected: network.affected, now, timeZone })
  return { operate, quietsInForce, alerts, attention: { ...alerts, view } }
}

export interface OperatingDeps
  extends Omit<Attending, 'attention'>,
    Pick<ServerOptions, 'environment'>,
    Pick<TestDeps, 'wouldHear'>,
    Pick<Writing, 'sendTest'>,
    Pick<RuleDeps, 'checkTemplates'> {
  readonly storage: Storage
  readonly registry: Registry
  readonly settings: SettingsBook
  /** Names of settings that the file holds. */
  readonly heldByFile: ReadonlySet<string>
  readonly schedules: Schedules
  readonly bans: Bans
  /** Tells the detectors what people said of predictions. */
  readonly verdictsInForce: () => Promise<void>
  readonly live: Live
  readonly targets: Targets
  readonly sealer: () => Sealer
  readonly wake: () => void
  readonly now: () => number
  /** Puts in force what is stored of monitors and channels. */
  readonly reconfigure: () => Promise<void>
  /** Who is on duty, and what puts in force what is stored of it. */
  readonly duty: () => DutyRota
  readonly takeOverDuty: () => Promise<void>
  /** Puts in force what is stored of rules. */
  readonly takeOverRules: () => Promise<void>
}

/** The duty lists by which a channel passes its messages on. */
const listsOf = ({ type, options }: Pick<Channel, 'type' | 'options'>): readonly string[] =>
  channelTypes.get(type)?.passesOnTo?.(options as never) ?? []

/** Such a channel by a list that has another name by now. */
const withListRenamed = ({ id: _, locked: __, ...spec }: Channel, was: string, name: string): ChannelSpec => {
  const lists = listsOf(spec).map((one) => (one === was ? name : one))
  return { ...spec, options: channelTypes.get(spec.type)!.withLists!(spec.options as never, lists) as JsonObject }
}

/** Everything that people change. */
export const createOperating = (deps: OperatingDeps): Operations => {
  const { operate, storage, registry, targets, sealer, now, wake, reconfigure, takeOverRules, quietsInForce } = deps
  let seen = { generation: -1, monitors: [] as readonly Monitor[] }
  const monitors = (): readonly Monitor[] => {
    const generation = registry.generation()
    if (generation !== seen.generation)
      seen = { generation, monitors: registry.monitors().map(({ monitor }) => monitor) }
    return seen.monitors
  }

  return {
    alerts: deps.alerts,
    bans: createBanOperations(deps.bans, deps.live.publish),
    channels: createChannelOperations({
      operate,
      channelTypes,
      environment: deps.environment,
      sealer,
      channels: registry.channels,
      inForce: async () => {
        await reconfigure()
        // A channel that went was taken out of rules.
        await takeOverRules()
        await deps.takeOverDuty()
      },
      dutyLists: () => deps.duty().lists.map(({ name }) => name),
      policy: targets.ofChannels,
      sendTest: (channel) => deps.sendTest(channel),
      now,
    }),
    monitors: createMonitorOperations({
      operate,
      probeTypes,
      parseTarget,
      sealer,
      monitors,
      channelNames: () => registry.channels().map(({ name }) => name),
      inForce: reconfigure,
      policy: targets.ofMonitors,
      endOf: createEndOfMonitor(isForPeople),
    }),
    notifications: createNotificationOperations({ operate, wake }),
    plans: createPlanOperations({ operate, now, inForce: quietsInForce }),
    quiets: createQuietOperations({ operate, now, inForce: quietsInForce }),
    rules: createRuleOperations({
      operate,
      storage,
      registry,
      endOf: createEndOfRule(isForPeople),
      checkTemplates: deps.checkTemplates,
      inForce: takeOverRules,
    }),
    shift: createShiftOperations({
      operate,
      channel: registry.channel,
      hasMonitor: (id) => registry.monitor(id) !== undefined,
      wake,
    }),
    duty: createDutyOperations({
      operate,
      rota: deps.duty,
      reaching: () =>
        registry
          .channels()
          .filter((one) => listsOf(one).length === 0)
          .map(({ name }) => name),
      passingOn: (list) =>
        registry
          .channels()
          .filter((one) => listsOf(one).includes(list))
          .map((one) => ({ ...one, renamed: (was, name) => withListRenamed(one, was, name) })),
      inForce: deps.takeOverDuty,
      channelsInForce: async () => {
        await reconfigure()
        await deps.takeOverDuty()
      },
      now,
    }),
    schedules: createScheduleOperations(operate, deps.schedules),
    tests: createTestOperations({
      operate,
      channels: registry.channels,
      sendTest: deps.sendTest,
      wouldHear: deps.wouldHear,
      now,
    }),
    wall: createWallOperations(operate),
    map: createMapOperations({
      operate,
      heldByFile: () =>
        new Set(
          monitors().flatMap(({ name, lat, origin }) => (lat !== undefined && origin !== undefined ? [name] : [])),
        ),
    }),
    predictions: createPredictionOperations(operate, deps.verdictsInForce),
    settings: createSettingOperations(operate, deps.settings, deps.heldByFile),
  }
}
