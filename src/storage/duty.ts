import type { DutyList, DutyPerson, DutyTakeover } from '#core/duty/duty.ts'
import {
  type DutyListEntry,
  type DutyPersonEntry,
  dutyListEntryOf,
  dutyListOf,
  dutyPersonEntryOf,
  dutyPersonOf,
} from '#core/duty/duty-entry.ts'
import type { Database } from './database.ts'
import { idOf } from './database.ts'

type Kind = 'person' | 'list'

/** A stretch of time, ms. */
interface Stretch {
  readonly from: number
  readonly to: number
}

const swap = (names: readonly string[], was: string, name: string | undefined): string[] => [
  ...new Set(names.flatMap((one) => (one === was ? (name ?? []) : one))),
]

/** Who is on duty, as people made it by hand; what a file names is not stored. */
export const createDuty = (db: Database) => {
  const entries = async (kind: Kind): Promise<string[]> =>
    (await db.selectFrom('duty_entries').select('entry').where('kind', '=', kind).orderBy('name').execute()).map(
      ({ entry }) => entry,
    )
  const save = async (kind: Kind, name: string, entry: string): Promise<void> => {
    await db
      .insertInto('duty_entries')
      .values({ kind, name, entry })
      .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet({ entry }))
      .execute()
  }
  const remove = async (kind: Kind, name: string): Promise<boolean> => {
    const gone = await db
      .deleteFrom('duty_entries')
      .where('kind', '=', kind)
      .where('name', '=', name)
      .executeTakeFirst()
    return gone.numDeletedRows > 0n
  }
  const people = async (): Promise<DutyPerson[]> =>
    (await entries('person')).map((text) => dutyPersonOf(JSON.parse(text) as DutyPersonEntry))
  const lists = async (): Promise<DutyList[]> =>
    (await entries('list')).map((text) => dutyListOf(JSON.parse(text) as DutyListEntry))
  const savePerson = (person: DutyPerson) => save('person', person.name, JSON.stringify(dutyPersonEntryOf(person)))
  const saveList = (list: DutyList) => save('list', list.name, JSON.stringify(dutyListEntryOf(list)))

  return {
    people,
    lists,
    savePerson,
    saveList,
    /** Somebody has another name, wherever it stands; the entry itself is saved by whoever renames it. */
    renamePerson: async (was: string, name: string): Promise<void> => {
      await remove('person', was)
      for (const one of await lists())
        if (one.shifts.some(({ people: named }) => named.includes(was)))
          await saveList({
            ...one,
            shifts: one.shifts.map((shift) => ({ ...shift, people: swap(shift.people, was, name) })),
          })
      await db.updateTable('duty_takeovers').set({ person: name }).where('person', '=', was).execute()
    },
    /** The same of a list. */
    renameList: async (was: string, name: string): Promise<void> => {
      await remove('list', was)
      await db.updateTable('duty_takeovers').set({ list: name }).where('list', '=', was).execute()
      await db.updateTable('duty_gaps_told').set({ list: name }).where('list', '=', was).execute()
    },
    /** False where there is none. */
    removePerson: (name: string) => remove('person', name),
    removeList: (name: string) => remove('list', name),

    /** A channel has another name, or none any more. */
    replaceChannel: async (was: string, name: string | undefined): Promise<void> => {
      for (const one of await people())
        if (one.channels.includes(was)) await savePerson({ ...one, channels: swap(one.channels, was, name) })
      for (const one of await lists())
        if (one.fallback.includes(was)) await saveList({ ...one, fallback: swap(one.fallback, was, name) })
    },

    /** Those that are not over at `now`, ms. */
    takeovers: async (now: number): Promise<DutyTakeover[]> =>
      (await db.selectFrom('duty_takeovers').selectAll().where('ends_at', '>', now).orderBy('id').execute()).map(
        ({ id, list, person, starts_at, ends_at, said_by }) => ({
          id,
          list,
          person,
          startsAt: starts_at,
          endsAt: ends_at,
          by: said_by,
        }),
      ),
    takeOver: async ({ list, person, startsAt, endsAt, by }: Omit<DutyTakeover, 'id'>): Promise<number> =>
      idOf(
        await db
          .insertInto('duty_takeovers')
          .values({ list, person, starts_at: startsAt, ends_at: endsAt, said_by: by })
          .returning('id')
          .executeTakeFirst(),
      ),
    /** Ends one that runs. False where there is none. */
    endTakeover: async (id: number, now: number): Promise<boolean> => {
      const ended = await db
        .updateTable('duty_takeovers')
        .set({ ends_at: now })
        .where('id', '=', id)
        .where('ends_at', '>', now)
        .executeTakeFirst()
      return ended.numUpdatedRows > 0n
    },

    /** Gaps of a list that people were told of, and that are not over at `now`, ms. */
    gapsTold: async (list: string, now: number): Promise<Stretch[]> =>
      (
        await db
          .selectFrom('duty_gaps_told')
          .select(['starts_at', 'ends_at'])
          .where('list', '=', list)
          .where('ends_at', '>', now)
          .execute()
      ).map(({ starts_at: from, ends_at: to }) => ({ from, to })),
    gapTold: async (list: string, { from, to }: Stretch): Promise<void> => {
      await db.insertInto('duty_gaps_told').values({ list, starts_at: from, ends_at: to }).execute()
    },
    /** Forgets those that are over. */
    forgetGaps: async (now: number): Promise<void> => {
      await db.deleteFrom('duty_gaps_told').where('ends_at', '<=', now).execute()
    },
  }
}
