import type { NamedPlace } from '#core/map/place.ts'
import { chunks, type Database } from './database.ts'

/** A tenth of a metre; whole numbers are the same on every engine. */
const PARTS = 1_000_000

/** Where monitors and sites are, as people put them on the map. */
export const createPlaces = (db: Database) => ({
  list: async (): Promise<NamedPlace[]> =>
    (await db.selectFrom('places').select(['name', 'lat', 'lon']).orderBy('name').execute()).map(
      ({ name, lat, lon }) => ({ name, lat: lat / PARTS, lon: lon / PARTS }),
    ),
  put: async (places: readonly NamedPlace[]): Promise<void> => {
    // Of one that is named twice, the last holds.
    const wanted = [...new Map(places.map((place) => [place.name, place])).values()]
    for (const some of chunks(wanted))
      await db
        .insertInto('places')
        .values(
          some.map(({ name, lat, lon }) => ({ name, lat: Math.round(lat * PARTS), lon: Math.round(lon * PARTS) })),
        )
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet(({ ref }) => ({ lat: ref('excluded.lat'), lon: ref('excluded.lon') })),
        )
        .execute()
  },
  remove: async (names: readonly string[]): Promise<void> => {
    for (const some of chunks(names)) await db.deleteFrom('places').where('name', 'in', some).execute()
  },
  any: async (): Promise<boolean> =>
    (await db.selectFrom('places').select('id').limit(1).executeTakeFirst()) !== undefined,
})
