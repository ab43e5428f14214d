import { type AddressPolicy, channelPolicy, monitorPolicy } from '#lib/forbidden-address.ts'
import type { SettingsBook } from '#storage/server-settings.ts'

/** Which addresses are open, at this moment, to channels and monitors that no file names. */
export interface Targets {
  ofChannels(): AddressPolicy
  ofMonitors(): AddressPolicy
}

export const createTargets = (settings: Pick<SettingsBook, 'get'>): Targets => ({
  ofChannels: () => ({ allowed: [...channelPolicy.allowed, ...settings.get().allowed_channel_targets] }),
  ofMonitors: () => ({ allowed: [...monitorPolicy.allowed, ...settings.get().allowed_monitor_targets] }),
})
