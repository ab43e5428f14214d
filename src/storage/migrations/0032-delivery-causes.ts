import type { Migration } from './migration.ts'

/** How a message failed whose channel was gone, as it stood as a sentence alone; what it missed is found by its code. */
const GONE = 'the channel was removed or is disabled'

/** Beside its English sentence, why a delivery failed stands as a code with facts; what failed before has the sentence. */
export const deliveryCauses: Migration = {
  name: '0032-delivery-causes',
  up: async ({ schema, run }) => {
    for (const table of ['attempts', 'notifications'])
      for (const column of ['cause_code', 'cause_facts'])
        await schema.alterTable(table).addColumn(column, 'text').execute()
    await run(
      `update notifications set cause_code = 'channel_gone' where status = 'failed' and failure = 'bad_configuration' and error = '${GONE}'`,
    )
  },
}
