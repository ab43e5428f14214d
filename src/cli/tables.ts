import { type AddCommand, CommandError, dataDir, printJson, printLines } from './command.ts'
import { withRunningServer } from './running-server.ts'

interface TableView {
  readonly name: string
  readonly read_at: string | null
  readonly rows: number
  readonly trouble: { readonly message: string } | null
  readonly waiting: { readonly lost: number; readonly of: number; readonly since: string } | null
}

const lineOf = ({ name, read_at, rows, trouble, waiting }: TableView): string => {
  const state = waiting
    ? `lost ${waiting.lost} of ${waiting.of} rows, waits for a yes since ${waiting.since}`
    : (trouble?.message ?? `${rows} rows`)
  return `${name}  ${read_at === null ? 'never read' : `read ${read_at}`}  ${state}`
}

export const addTables: AddCommand = (program) => {
  const tables = program.command('tables').description('tables that the running server reads again and again')

  tables
    .command('list')
    .description('where they stand')
    .option('--json', 'print one JSON array')
    .option('--data <folder>', 'data folder')
    .action((flags: { json?: boolean; data?: string }) =>
      withRunningServer(dataDir(flags.data), 'vigia tables', async (ask) => {
        const { items } = await ask<{ items: readonly TableView[] }>('GET', '/tables')
        if (flags.json) return printJson(items)
        printLines(items.length === 0 ? ['No table is read.'] : items.map(lineOf))
      }),
    )

  tables
    .command('read')
    .description('read one now')
    .argument('<name>', 'as the file names it')
    .option('--data <folder>', 'data folder')
    .action((name: string, flags: { data?: string }) =>
      withRunningServer(dataDir(flags.data), 'vigia tables', async (ask) => {
        printLines([lineOf(await ask<TableView>('POST', `/tables/${encodeURIComponent(name)}/read`))])
      }),
    )

  tables
    .command('take')
    .description('take one that lost many rows')
    .argument('<name>', 'as the file names it')
    .option('--yes', 'its monitors may go')
    .option('--data <folder>', 'data folder')
    .action((name: string, flags: { yes?: boolean; data?: string }) => {
      if (!flags.yes) throw new CommandError(`monitors of ${name} would be paused or removed: add --yes`)
      return withRunningServer(dataDir(flags.data), 'vigia tables', async (ask) => {
        printLines([lineOf(await ask<TableView>('POST', `/tables/${encodeURIComponent(name)}/confirm`))])
      })
    })
}
