import type { Alert } from '#core/alert.ts'
import type { Channel } from '#core/channel-spec.ts'
import type { Monitor } from '#core/monitor.ts'
import { monitorRule, type Rule } from '#core/rule.ts'

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
  monitors(): readonly KnownMonitor[]
  monitor(id: number): KnownMonitor | undefined
  channel(id: number): Channel | undefined
  channels(): readonly Channel[]
  ruleOf(alert: Alert): { readonly rule: Rule; readonly monitor: Monitor | undefined } | undefined
}

export const createRegistry = (describe: (monitor: Monitor) => string): Registry => {
  let known = new Map<number, KnownMonitor>()
  let channels = new Map<number, Channel>()
  return {
    replace: (monitors, newChannels) => {
      channels = new Map(newChannels.map((channel) => [channel.id, channel]))
      const idByName = new Map(newChannels.map(({ name, id }) => [name, id]))
      const channelIds = ({ channels: names }: Monitor) =>
        names.map((name) => idByName.get(name)).filter((id) => id !== undefined)
      known = new Map(
        monitors.map((monitor) => [
          monitor.id,
          { monitor, target: describe(monitor), rule: monitorRule(monitor, channelIds(monitor)) },
        ]),
      )
    },
    monitors: () => [...known.values()],
    monitor: (id) => known.get(id),
    channel: (id) => channels.get(id),
    channels: () => [...channels.values()],
    ruleOf: (alert) => (alert.monitorId === null ? undefined : known.get(alert.monitorId)),
  }
}
