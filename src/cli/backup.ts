import { systemClock } from '#lib/time/clock.ts'
import { backupFolder, restoreFolder } from '#storage/backup.ts'
import { StorageError } from '#storage/storage-error.ts'
import { type AddCommand, CommandError, dataDir } from './command.ts'

const asCommandError = (error: unknown): never => {
  throw error instanceof StorageError ? new CommandError(error, 1) : error
}

/** Ends by the signal itself, after what was begun has been taken away: the copy may be in the middle of its only step. */
const abortedBySignal = (): AbortSignal => {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      controller.abort(signal)
      process.kill(process.pid, signal)
    })
  return controller.signal
}

const refusePostgres = () => {
  if (process.env.DATABASE_URL)
    throw new CommandError(
      'the data is in PostgreSQL (DATABASE_URL): back it up with pg_dump and bring it back with pg_restore',
    )
}

export const addBackup: AddCommand = (program) => {
  program
    .command('backup')
    .description('copy the databases to a folder, also while the server runs')
    .argument('<folder>', 'a new folder for the copy')
    .option('--data <folder>', 'data folder')
    .action(async (target: string, flags: { data?: string }) => {
      refusePostgres()
      const files = await backupFolder(dataDir(flags.data), target, abortedBySignal()).catch(asCommandError)
      console.log(`Saved and checked: ${(files as string[]).join(', ')}`)
      console.log('The key that seals secrets (secret.key) is not part of it: keep a copy elsewhere.')
    })
}

export const addRestore: AddCommand = (program) => {
  program
    .command('restore')
    .description('put a backup in the place of the databases; what was there is moved aside')
    .argument('<folder>', 'a folder that "vigia backup" made')
    .option('--data <folder>', 'data folder')
    .action((source: string, flags: { data?: string }) => {
      refusePostgres()
      try {
        const aside = restoreFolder(source, dataDir(flags.data), new Date(systemClock.now()))
        console.log(`Restored ${source}.${aside ? ` What was there is in ${aside}.` : ''}`)
      } catch (error) {
        asCommandError(error)
      }
    })
}
