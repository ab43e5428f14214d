import { type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { ServerSettings } from '#core/server-settings.ts'
import { zoneFault } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { done } from '#lib/result.ts'
import { isTimeZone } from '#lib/time/zone.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import { changed, type Operate } from './operation.ts'

export interface SettingOperations {
  /** Only what is named changes; returns all of them as they are then. What the file names is not changed here. */
  change(by: By, change: Partial<ServerSettings>): Promise<Outcome<ServerSettings>>
}

/** `heldByFile`: names of settings that the file holds. */
export const createSettingOperations = (
  operate: Operate,
  book: SettingsBook,
  heldByFile: ReadonlySet<string>,
): SettingOperations => ({
  change: async (by, change) => {
    const now = book.get()
    const differs = Object.entries(change).filter(([name, value]) => value !== now[name as keyof ServerSettings])
    const held = differs.find(([name]) => heldByFile.has(name))
    if (held)
      return refused(
        'owned_by_file',
        held[0],
        'This is written in the configuration file; change it there.',
        says(
          'This is written in the configuration file; change it there.',
          'Está escrito en el archivo de configuración; cámbielo ahí.',
        ),
      )
    const { time_zone: zone } = change
    if (typeof zone === 'string' && !isTimeZone(zone))
      return refused('invalid_input', 'time_zone', `${zone} is no time zone.`, zoneFault(zone))
    await operate(
      by,
      async ({ settings }) => {
        await book.store(change, settings)
        return changed(undefined, { action: 'update', object: 'setting', objectId: null })
      },
      book.reload,
    )
    return done(book.get())
  },
})
