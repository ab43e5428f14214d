import type { ServerSettings } from '#core/server-settings.ts'
import type { By } from '#core/who/by.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import { changed, type Operate } from './operation.ts'

export interface SettingOperations {
  /** Only what is named changes; returns all of them as they are then. */
  change(by: By, change: Partial<ServerSettings>): Promise<ServerSettings>
}

export const createSettingOperations = (operate: Operate, book: SettingsBook): SettingOperations => ({
  change: async (by, change) => {
    await operate(
      by,
      async ({ settings }) => {
        await book.store(change, settings)
        return changed(undefined, { action: 'update', object: 'setting', objectId: null })
      },
      book.reload,
    )
    return book.get()
  },
})
