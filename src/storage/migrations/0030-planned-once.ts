import type { Migration } from './migration.ts'

/** When a plan's only window begins, which stood behind an `@` in the time table. */
export const plannedOnce: Migration = {
  name: '0030-planned-once',
  up: async ({ schema, run }) => {
    await schema.alterTable('maintenance_plans').addColumn('starts_at', 'bigint').execute()
    // `@daily` and its like are time tables.
    const digits = Array.from({ length: 10 }, (_, digit) => `'${digit}'`).join(', ')
    await run(
      `update maintenance_plans set starts_at = cast(substr(cron, 2) as bigint), cron = ''
       where cron like '@%' and substr(cron, 2, 1) in (${digits})`,
    )
  },
}
