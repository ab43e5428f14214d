import type { Logger } from 'pino'
import { channelTypes } from '#channels/index.ts'
import { configured, type Wanted } from '#config/apply.ts'
import { openChannel } from '#config/open-channel.ts'
import { openMonitor } from '#config/open-monitor.ts'
import { type DutyRota, NO_ROTA } from '#core/duty/duty.ts'
import { BY_FILE, createConfigurationOperations } from '#operations/configuration.ts'
import { createOperate } from '#operations/operation.ts'
import { createEndOfMonitor } from '#pipeline/decide/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/decide/end-of-rule.ts'
import { createRegistry, type Registry } from '#pipeline/decide/registry.ts'
import type { KnownStep } from '#pipeline/decide/tick-deps.ts'
import { probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import { isForPeople } from './for-people.ts'
import type { Live } from './live-event.ts'

export interface ConfigurationDeps {
  readonly storage: Storage
  /** A file may say some of them. */
  readonly settings: Pick<SettingsBook, 'reload'>
  readonly sealer: () => Sealer
  /** Stands behind the push URLs. */
  readonly pushKey: string | undefined
  /** Hears that something was changed. */
  readonly live: Live
  readonly now: () => number
  readonly log: Pick<Logger, 'error'>
}

/** What is to be done, as a file and people's hands say it. */
export interface Configuration {
  /** What is in force. */
  readonly registry: Registry
  /** What the file says; undefined without one. */
  wanted(): Wanted | undefined
  /** Steps of the file with the ids of their channels. */
  escalation(): readonly KnownStep[]
  /** Who is on duty by the file and by hand; another object once that changes. */
  duty(): DutyRota
  /** Puts in force what is stored of who is on duty. */
  takeOverDuty(): Promise<void>
  /** Makes the store hold what a file says. */
  store(wanted: Wanted): Promise<void>
  /** Puts in force what is stored of monitors and channels. Returns the ids of the monitors that are gone. */
  takeOver(): Promise<readonly number[]>
  /** Puts in force what is stored of rules. */
  takeOverRules(): Promise<void>
}

/** Of many, the log names so many. */
const NAMED = 50

export const createConfiguration = ({
  storage,
  settings,
  sealer,
  pushKey,
  live,
  now,
  log,
}: ConfigurationDeps): Configuration => {
  const registry = createRegistry(({ type, options }) => probeTypes.get(type)?.describe(options) ?? type)
  const operations = createConfigurationOperations({
    operate: createOperate({ storage, now, announce: live.publish }),
    probeTypes,
    endOfMonitor: createEndOfMonitor(isForPeople),
    endOfRule: createEndOfRule(isForPeople),
  })
  let wanted: Wanted | undefined
  let duty: DutyRota = NO_ROTA

  /** What the file names stands above what was made by hand under the same name. */
  const takeOverDuty = async () => {
    const { people, lists, takeovers } = storage.duty
    const [byHand, listsByHand] = [await people(), await lists()]
    const { people: named = [], lists: listed = [] } = wanted?.duty ?? {}
    const others = <One extends { readonly name: string }>(ones: readonly One[], above: readonly One[]) =>
      ones.filter(({ name }) => !above.some((one) => one.name === name))
    duty = {
      people: [...named, ...others(byHand, named)],
      lists: [...listed, ...others(listsByHand, listed)],
      takeovers: await takeovers(now()),
    }
  }

  const takeOver = async () => {
    // What a file names keeps the file's secrets, the rest has its own opened.
    const stored = await configured(storage, wanted)
    const monitors = stored.monitors.map((monitor) =>
      openMonitor(monitor, { probeTypes }, sealer, pushKey !== undefined),
    )
    const channels = stored.channels.map((channel) => openChannel(channel, channelTypes, sealer))
    const before = registry.monitors().map(({ monitor }) => monitor.id)
    registry.replace(monitors, channels)
    registry.tellOwn(wanted?.ownChannels)
    registry.helpers(wanted?.witnesses?.monitors ?? [])
    const locked = channels.filter((channel) => channel.locked).map(({ name }) => name)
    if (locked.length > 0)
      log.error({ channels: locked }, 'these channels cannot send: the key that sealed their secrets is missing')
    const unseen = monitors.filter((monitor) => monitor.locked !== undefined).map(({ name }) => name)
    if (unseen.length > 0)
      log.error(
        { monitors: unseen.slice(0, NAMED), count: unseen.length },
        'these monitors are not looked at: a key is missing',
      )
    return before.filter((id) => !registry.monitor(id))
  }

  return {
    registry,
    wanted: () => wanted,
    escalation: () => {
      const idByName = new Map(registry.channels().map(({ name, id }) => [name, id]))
      const idsOf = (names: readonly string[]) => names.flatMap((name) => idByName.get(name) ?? [])
      return (wanted?.escalation ?? []).map((step) => ({ ...step, channelIds: idsOf(step.channels) }))
    },
    duty: () => duty,
    takeOverDuty,
    store: async (next) => {
      const running = wanted
      wanted = next
      await operations.apply(BY_FILE, next, running)
      await settings.reload()
    },
    takeOver,
    takeOverRules: async () => registry.replaceRules(await storage.rules.list()),
  }
}
