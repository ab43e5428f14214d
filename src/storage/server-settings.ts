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

const changedOnes = async (settings: Pick<Repositories['settings'], 'get'>) =>
  ((await settings.get<Json>(NAME)) ?? {}) as Partial<ServerSettings>

/** All of them as they are stored at this moment. */
export const storedSettings = async (settings: Pick<Repositories['settings'], 'get'>): Promise<ServerSettings> => ({
  ...SERVER_SETTINGS,
  ...(await changedOnes(settings)),
})

/** Stores a change in a transaction. */
export const storeSettings = async (
  change: Partial<ServerSettings>,
  settings: Repositories['settings'],
): Promise<void> => settings.set(NAME, { ...(await changedOnes(settings)), ...change } as Json)

/** What administrators set, in memory; only what differs from the defaults is stored, so that defaults can improve. */
export const openServerSettings = async (storage: Storage): Promise<SettingsBook> => {
  let own = await changedOnes(storage.settings)
  return {
    get: () => ({ ...SERVER_SETTINGS, ...own }),
    store: storeSettings,
    reload: async () => {
      own = await changedOnes(storage.settings)
    },
  }
}
