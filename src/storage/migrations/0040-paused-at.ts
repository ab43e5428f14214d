import type { Migration } from './migration.ts'

/** When somebody paused a monitor; null of one that an older version paused. */
export const pausedAt: Migration = {
  name: '0040-paused-at',
  up: async ({ schema }) => {
    await schema.alterTable('monitors').addColumn('paused_at', 'bigint').execute()
  },
}
