import { configured } from '#config/apply.ts'
import { readEnvironment } from '#config/env.ts'
import { pushPath } from '#lib/push-token.ts'
import { probeTypes } from '#probes/index.ts'
import { openSealer } from '#storage/open-sealer.ts'
import { PUSH_KEY, signingKey } from '#storage/signing-key.ts'
import { type AddCommand, CommandError, dataDir, printJson, printLines } from './command.ts'
import { withStorage } from './with-storage.ts'

const DEFAULT_BASE = 'http://127.0.0.1:5000'

interface Flags {
  readonly data?: string
  readonly url?: string
  readonly json?: boolean
}

export const addPushUrl: AddCommand = (program) => {
  program
    .command('push-url')
    .description('show the addresses that push monitors are called at; each is a key')
    .argument('[monitor]', 'name of one; default: all')
    .option('--url <base>', 'address of the server as the callers reach it', DEFAULT_BASE)
    .option('--data <folder>', 'data folder')
    .option('--json', 'print one JSON array')
    .action((named: string | undefined, flags: Flags) =>
      withStorage(dataDir(flags.data), async (storage) => {
        const { sealer } = await openSealer(storage, dataDir(flags.data), readEnvironment())
        const key = await signingKey(storage, PUSH_KEY, sealer)
        if (key === undefined) throw new CommandError('the key behind push URLs is missing; see: vigia new-key', 1)
        const { monitors } = await configured(storage)
        const passive = monitors.filter(({ type }) => probeTypes.get(type)?.judge)
        const chosen = passive.filter(({ name }) => named === undefined || name === named)
        if (named !== undefined && chosen.length === 0)
          throw new CommandError(
            monitors.some(({ name }) => name === named)
              ? `${named} looks itself; nobody has to call it`
              : `no monitor is called ${named}`,
            1,
          )
        const base = (flags.url ?? DEFAULT_BASE).replace(/\/$/, '')
        const rows = chosen.map(({ id, name }) => ({ monitor: name, url: base + pushPath(key, id) }))
        if (flags.json) printJson(rows)
        else
          printLines(
            rows.length === 0 ? ['No monitor waits to be called.'] : rows.map((row) => `${row.url}  ${row.monitor}`),
          )
      }),
    )
}
