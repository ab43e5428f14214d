import { SERVER_SETTINGS, type ServerSettings } from '#core/server-settings.ts'
import type { Json } from '#lib/json.ts'
import type { Repositories, Storage } from './index.ts'

const NAME = 'server_settings'

export interface SettingsBook {
  /** As they are in force. */
  get(): ServerSettings
  /** Stores a change in a transaction; `reload` puts it in force once that is through. */
  store(change: Partial<ServerSettings>, settings: Repositories['settings']): Promise<void>
  reload(): Promise<void>
}

/** What administrators set, in memory; only what differs from the defaults is stored, so that defaults can improve. */
export const openServerSettings = async (storage: Storage): Promise<SettingsBook> => {
  const stored = async (settings: Pick<Repositories['settings'], 'get'>) =>
    ((await settings.get<Json>(NAME)) ?? {}) as Partial<ServerSettings>
  let own = await stored(storage.settings)
  return {
    get: () => ({ ...SERVER_SETTINGS, ...own }),
    store: async (change, settings) => settings.set(NAME, { ...(await stored(settings)), ...change } as Json),
    reload: async () => {
      own = await stored(storage.settings)
    },
  }
}
