import type { Monitor } from '#core/monitor/monitor.ts'
import { type AddressPolicy, channelPolicy, type ForbiddenKind, monitorPolicy } from '#lib/net/forbidden-address.ts'
import type { SettingsBook } from '#storage/server-settings.ts'

/** Which addresses are open, at this moment, to channels and monitors that no file names. */
export interface Targets {
  ofChannels(): AddressPolicy
  ofMonitors(): AddressPolicy
  /** What is open to every look at this monitor; undefined for one of a file, which may look anywhere. */
  ofMonitor(monitor: Pick<Monitor, 'origin'>): readonly ForbiddenKind[] | undefined
}

export const createTargets = (settings: Pick<SettingsBook, 'get'>): Targets => {
  const openToMonitors = () => [...monitorPolicy.allowed, ...settings.get().allowed_monitor_targets]
  return {
    ofChannels: () => ({ allowed: [...channelPolicy.allowed, ...settings.get().allowed_channel_targets] }),
    ofMonitors: () => ({ allowed: openToMonitors() }),
    ofMonitor: ({ origin }) => (origin === undefined ? openToMonitors() : undefined),
  }
}
