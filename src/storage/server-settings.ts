import { SERVER_SETTINGS, type ServerSettings } from '#core/server-settings.ts'
import type { Json } from '#lib/json.ts'
import type { Storage } from './index.ts'

const NAME = 'server_settings'

export interface SettingsBook {
  /** As they are in force. */
  get(): ServerSettings
  set(change: Partial<ServerSettings>): Promise<ServerSettings>
}

/** What administrators set, in memory; only what differs from the defaults is stored, so that defaults can improve. */
export const openServerSettings = async (storage: Storage): Promise<SettingsBook> => {
  let own = ((await storage.settings.get<Json>(NAME)) ?? {}) as Partial<ServerSettings>
  const get = () => ({ ...SERVER_SETTINGS, ...own })
  return {
    get,
    set: async (change) => {
      const next = { ...own, ...change }
      await storage.transaction(({ settings }) => settings.set(NAME, next as Json))
      own = next
      return get()
    },
  }
}
