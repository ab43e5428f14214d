import type { Selectable } from 'kysely'
import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import type { Database } from './database.ts'
import { freeName, idOf } from './database.ts'
import type { ChannelsTable } from './tables.ts'

type Row = Pick<Selectable<ChannelsTable>, 'id' | 'name' | 'type' | 'spec' | 'enabled' | 'origin'>

const COLUMNS = ['id', 'name', 'type', 'spec', 'enabled', 'origin'] as const

const fromRow = (row: Row): Channel => ({
  ...(JSON.parse(row.spec) as ChannelSpec),
  id: row.id,
  name: row.name,
  type: row.type,
  enabled: row.enabled === 1,
  ...(row.origin !== null && { origin: row.origin }),
})

/** What may be stored of a channel: nothing of the options of one that a file owns, for their secrets stay there. */
const storable = (channel: ChannelSpec): ChannelSpec =>
  channel.origin === undefined ? channel : { ...channel, options: {} }

export const createChannels = (db: Database) => ({
  list: async (): Promise<Channel[]> =>
    (await db.selectFrom('channels').select(COLUMNS).where('removed_at', 'is', null).orderBy('id').execute()).map(
      fromRow,
    ),

  /**
   * Stores a channel under its name; one that was removed earlier comes back with its old id. `was` renames. Returns the
   * id.
   */
  save: async (channel: ChannelSpec, now: number, was?: string): Promise<number> => {
    const values = {
      name: channel.name,
      type: channel.type,
      spec: JSON.stringify(storable(channel)),
      enabled: channel.enabled ? 1 : 0,
      origin: channel.origin ?? null,
      removed_at: null,
      updated_at: now,
    }
    if (was !== undefined) {
      if (was !== channel.name) await freeName(db, 'channels', channel.name)
      const changed = db.updateTable('channels').set(values).where('name', '=', was).returning('id')
      const row = await changed.executeTakeFirst()
      if (row) return idOf(row)
    }
    return idOf(
      await db
        .insertInto('channels')
        .values({ ...values, created_at: now })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .returning('id')
        .executeTakeFirst(),
    )
  },

  /** Those that fell back to one channel do so to another, or to none. A file says of its own where they do. */
  fallBackTo: async (from: string, to: string | undefined, now: number): Promise<void> => {
    const own = db.selectFrom('channels').select(['id', 'spec']).where('origin', 'is', null)
    for (const { id, spec } of await own.where('removed_at', 'is', null).execute()) {
      const { fallback, ...rest } = JSON.parse(spec) as ChannelSpec
      if (fallback?.to !== from) continue
      const changed = to === undefined ? rest : { ...rest, fallback: { ...fallback, to } }
      const values = { spec: JSON.stringify(changed), updated_at: now }
      await db.updateTable('channels').set(values).where('id', '=', id).execute()
    }
  },

  remove: async (id: number, now: number): Promise<void> => {
    await db.updateTable('channels').set({ removed_at: now, updated_at: now }).where('id', '=', id).execute()
  },
})
