import type { Selectable } from 'kysely'
import type { RuleSpec, WrittenRule } from '#core/rule/rule-spec.ts'
import type { Database } from './database.ts'
import { freeName, idOf } from './database.ts'
import type { Engine } from './migrate.ts'
import { createStatements } from './statements.ts'
import type { RulesTable } from './tables.ts'

const fromRow = (row: Selectable<RulesTable>): WrittenRule => ({
  ...(JSON.parse(row.spec) as RuleSpec),
  id: row.id,
  name: row.name,
  type: row.type,
  enabled: row.enabled === 1,
  triggers: row.triggers,
  lastTriggeredAt: row.last_triggered_at,
  createdAt: row.created_at,
  createdBy: row.created_by,
  updatedAt: row.updated_at,
  updatedBy: row.updated_by,
})

const toRow = (spec: RuleSpec) => ({
  name: spec.name,
  type: spec.type,
  spec: JSON.stringify(spec),
  enabled: spec.enabled ? 1 : 0,
})

export const createRules = (db: Database, engine: Engine) => ({
  list: async (): Promise<WrittenRule[]> =>
    (await db.selectFrom('rules').selectAll().where('removed_at', 'is', null).orderBy('id').execute()).map(fromRow),

  byId: async (id: number): Promise<WrittenRule | undefined> => {
    const row = await db
      .selectFrom('rules')
      .selectAll()
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    return row && fromRow(row)
  },

  byName: async (name: string): Promise<WrittenRule | undefined> => {
    const row = await db
      .selectFrom('rules')
      .selectAll()
      .where('name', '=', name)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    return row && fromRow(row)
  },

  /** Stores a new rule; a name that was removed earlier comes back as a new rule under its old id. Returns the id. */
  insert: async (spec: RuleSpec, by: string, now: number): Promise<number> => {
    const values = {
      ...toRow(spec),
      removed_at: null,
      created_at: now,
      created_by: by,
      updated_at: now,
      updated_by: by,
      triggers: 0,
      last_triggered_at: null,
    }
    return idOf(
      await db
        .insertInto('rules')
        .values(values)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .returning('id')
        .executeTakeFirst(),
    )
  },

  update: async (id: number, spec: RuleSpec, by: string, now: number): Promise<void> => {
    await freeName(db, 'rules', spec.name)
    await db
      .updateTable('rules')
      .set({ ...toRow(spec), updated_at: now, updated_by: by })
      .where('id', '=', id)
      .execute()
  },

  remove: async (id: number, by: string, now: number): Promise<void> => {
    await db
      .updateTable('rules')
      .set({ removed_at: now, updated_at: now, updated_by: by })
      .where('id', '=', id)
      .execute()
  },

  /** Counts events that passed the rule's conditions. */
  triggered: async (id: number, times: number, now: number): Promise<void> => {
    await createStatements(db, engine).rows(
      'update rules set triggers = triggers + ?, last_triggered_at = ? where id = ?',
      [times, now, id],
    )
  },
})
