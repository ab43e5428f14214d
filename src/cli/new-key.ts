import { openSealer } from '#storage/open-sealer.ts'
import { createSealer, isSealed } from '#storage/seal.ts'
import { loadSealKeys } from '#storage/seal-key.ts'
import { ACK_KEY, PUSH_KEY, renewSigningKey } from '#storage/signing-key.ts'
import { type AddCommand, CommandError, dataDir } from './command.ts'
import { withStorage } from './with-storage.ts'

/** What each of the server's own keys signs, for people. */
const SIGNS = {
  [PUSH_KEY]: 'push URLs are others now: give them to those who call',
  [ACK_KEY]: 'acknowledge links of messages that were sent before mean nothing any more',
} as const

/** For who has lost the key for good: what it sealed is given up on purpose, never by itself. */
export const addNewKey: AddCommand = (program) => {
  program
    .command('new-key')
    .description('begin with a new key where the one that sealed the secrets is lost for good')
    .option('--data <folder>', 'data folder')
    .action((flags: { data?: string }) =>
      withStorage(dataDir(flags.data), async (storage) => {
        const folder = dataDir(flags.data)
        const { missing } = await openSealer(storage, folder, process.env)
        if (missing.length === 0)
          throw new CommandError('no key is missing: everything that is sealed can be opened', 1)
        const sealer = createSealer(loadSealKeys(folder, process.env))
        for (const [name, meaning] of Object.entries(SIGNS)) {
          const stored = await storage.settings.get<string>(name)
          if (stored === undefined || !isSealed(stored) || sealer.open(stored).ok) continue
          await renewSigningKey(storage, name, sealer)
          console.log(meaning)
        }
        console.log(
          'Start the server again. Monitors and channels whose secrets it still cannot open are named in its log:',
        )
        console.log(
          'write their options out again, or remove them. Second factors ask for a recovery code, or: vigia user reset NAME.',
        )
      }),
    )
}
