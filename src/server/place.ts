import type { ServerPlace } from '#core/server-place.ts'
import { ownZone } from '#lib/time/zone.ts'
import type { SettingsBook } from '#storage/server-settings.ts'
import type { ServerOptions } from './options.ts'

/** The server's place as it is in force: what the file names is above what people set, and English and this machine's zone below both. */
export const createPlace =
  (
    { language, timeZone, region, url }: Pick<ServerOptions, 'language' | 'timeZone' | 'region' | 'url'>,
    book: Pick<SettingsBook, 'get'>,
  ) =>
  (): ServerPlace => {
    const set = book.get()
    return {
      language: language ?? set.language ?? 'en',
      timeZone: timeZone ?? set.time_zone ?? ownZone(),
      region: region ?? set.region ?? undefined,
      url: url ?? set.url ?? undefined,
    }
  }

/** Settings that the file holds, by their names; people cannot change them here. */
export const heldByFile = ({
  language,
  timeZone,
  region,
  url,
  wanted,
}: Pick<ServerOptions, 'language' | 'timeZone' | 'region' | 'url' | 'wanted'>) =>
  new Set(
    Object.entries({ language, time_zone: timeZone, region, url, ...wanted?.settings }).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    ),
  )
