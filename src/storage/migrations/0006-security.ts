import type { Migration } from './migration.ts'

/** Who is banned now, and how far the logs have been read. */
export const security: Migration = {
  name: '0006-security',
  up: async ({ schema, id }) => {
    await id(schema.createTable('bans'))
      .addColumn('server', 'text', (column) => column.notNull())
      .addColumn('jail', 'text', (column) => column.notNull())
      .addColumn('ip', 'text', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('failures', 'bigint')
      .addColumn('manual_by', 'text')
      .addColumn('manual_reason', 'text')
      .addColumn('confirmed', 'smallint', (column) => column.notNull())
      .addColumn('renew_at', 'bigint')
      .addUniqueConstraint('bans_unique', ['server', 'jail', 'ip'])
      .execute()
    await schema.createIndex('bans_by_ip').on('bans').column('ip').execute()
    await schema.createIndex('bans_by_end').on('bans').column('expires_at').execute()

    await schema
      .createTable('follow_offsets')
      .addColumn('log', 'text', (column) => column.notNull())
      .addColumn('file', 'text', (column) => column.notNull())
      .addColumn('position', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('follow_offsets_key', ['log', 'file'])
      .execute()
  },
}
