import type { Migration } from './migration.ts'

/** Why a state changed, as a code with facts beside the English sentence; of what is older the sentence alone is known. */
export const causes: Migration = {
  name: '0031-causes',
  up: async ({ schema }) => {
    for (const table of ['transitions', 'states'])
      for (const column of ['cause_code', 'cause_facts'])
        await schema.alterTable(table).addColumn(column, 'text').execute()
  },
}
