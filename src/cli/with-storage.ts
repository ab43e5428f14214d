import { openStorage, type Storage } from '#storage/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import { CommandError } from './command.ts'

/** A store that cannot be used, at the start or in the middle, is a message for people. */
const asCommandError = (error: unknown): never => {
  throw error instanceof StorageError ? new CommandError(error, 1) : error
}

/** Runs `work` on the store beside a server that may be running on it, and closes it. */
export const withStorage = async (dataDir: string, work: (storage: Storage) => Promise<void>): Promise<void> => {
  const options = { dataDir, databaseUrl: process.env.DATABASE_URL, shared: true }
  const storage = await openStorage(options).catch(asCommandError)
  try {
    await work(storage).catch(asCommandError)
  } finally {
    await storage.close()
  }
}
