import type { Migration } from './migration.ts'

/** Rules over events, what was decided about each event, silences and maintenance windows. */
export const rules: Migration = {
  name: '0004-rules',
  up: async ({ schema, id }) => {
    await id(schema.createTable('rules'))
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('spec', 'text', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('triggers', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('last_triggered_at', 'bigint')
      .addColumn('removed_at', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text')
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_by', 'text')
      .execute()

    await id(schema.createTable('decisions'))
      .addColumn('event_id', 'bigint', (column) => column.notNull())
      .addColumn('rule_id', 'bigint')
      .addColumn('alert_id', 'bigint')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('until', 'bigint')
      .addColumn('detail', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('decisions_by_event').on('decisions').column('event_id').execute()
    await schema.createIndex('decisions_by_time').on('decisions').column('at').execute()

    await id(schema.createTable('silences'))
      .addColumn('matchers', 'text', (column) => column.notNull())
      .addColumn('starts_at', 'bigint', (column) => column.notNull())
      .addColumn('ends_at', 'bigint', (column) => column.notNull())
      .addColumn('comment', 'text', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema.createIndex('silences_by_end').on('silences').column('ends_at').execute()

    await id(schema.createTable('maintenance'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('matchers', 'text', (column) => column.notNull())
      .addColumn('starts_at', 'bigint', (column) => column.notNull())
      .addColumn('ends_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema.createIndex('maintenance_by_end').on('maintenance').column('ends_at').execute()

    await schema
      .createTable('idempotency_keys')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('answer', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('idempotency_keys_by_time').on('idempotency_keys').column('at').execute()

    await schema.alterTable('alerts').addColumn('resolve_at', 'bigint').execute()
    await schema
      .createIndex('alerts_resolve')
      .on('alerts')
      .column('resolve_at')
      .where('resolve_at', 'is not', null)
      .execute()
    await schema.createIndex('alerts_by_fingerprint').on('alerts').columns(['fingerprint', 'last_told_at']).execute()
    await schema.createIndex('alerts_by_rule').on('alerts').columns(['rule_id', 'last_told_at']).execute()
    await schema.createIndex('notifications_by_time').on('notifications').column('created_at').execute()
  },
}
