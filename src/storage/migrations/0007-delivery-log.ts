import type { Migration } from './migration.ts'

/** The attempts of the last hours, without reading those of the last year. */
export const deliveryLog: Migration = {
  name: '0007-delivery-log',
  up: async ({ schema }) => {
    await schema.createIndex('attempts_by_time').on('attempts').column('at').execute()
  },
}
