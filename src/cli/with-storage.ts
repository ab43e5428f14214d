import { openStorage, type Storage } from '#storage/index.ts'
import { StorageError } from '#storage/storage-error.ts'
import { CommandError } from './command.ts'

/** Runs `work` on the store beside a server that may be running on it, and closes it. */
export const withStorage = async (dataDir: string, work: (storage: Storage) => Promise<void>): Promise<void> => {
  const storage = await openStorage({ dataDir, databaseUrl: process.env.DATABASE_URL, shared: true }).catch((error) => {
    throw error instanceof StorageError ? new CommandError(error.message, 1) : error
  })
  try {
    await work(storage)
  } finally {
    await storage.close()
  }
}
