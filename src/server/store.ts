import type { Clock } from '#lib/clock.ts'
import { lazily } from '#lib/lazily.ts'
import { createPersistence, type Persistence } from '#pipeline/persistence.ts'
import { seed } from '#pipeline/seed.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { createSealer, type Sealer } from '#storage/seal.ts'
import { loadSealKeys } from '#storage/seal-key.ts'
import { openServerSettings, type SettingsBook } from '#storage/server-settings.ts'
import { signingKey } from '#storage/signing-key.ts'
import { type Alive, openAlive } from './alive.ts'
import type { Faults } from './faults.ts'
import type { ServerOptions } from './options.ts'

export interface StoreDeps
  extends Pick<ServerOptions, 'dataDir' | 'databaseUrl' | 'newDatabase' | 'environment' | 'listen' | 'log'> {
  readonly clock: Clock
  readonly now: () => number
  readonly faults: Faults
}

/** The store, as a server that runs on it holds it. */
export interface Store {
  readonly storage: Storage
  readonly settings: SettingsBook
  readonly alive: Alive
  /** Waits for a store that refuses. */
  readonly persistence: Persistence
  /** Seals secrets for the database; throws StorageError where the key cannot be read. */
  readonly sealer: () => Sealer
  /** Signs what lets people acknowledge an alert from its message. */
  readonly ackKey: string
  /** From now on nothing waits for a store that refuses. */
  endWaiting(): void
  close(): Promise<void>
}

/** Opens the store and readies it for a new life of the server. Throws StorageError when it cannot be used. */
export const openStore = async (deps: StoreDeps): Promise<Store> => {
  const { dataDir, environment, now, faults, log } = deps
  const tellOfOther = (trouble: string | undefined) => {
    if (trouble) log.error(trouble)
    else log.info('no other server uses the database any more')
  }
  await using opened = new AsyncDisposableStack()
  const storage = opened.adopt(
    await openStorage({
      dataDir,
      databaseUrl: deps.databaseUrl,
      anew: deps.newDatabase,
      onMoved: (folder) => log.warn({ folder }, 'a new database begins; what belonged to the lost one was moved'),
      onTrouble: tellOfOther,
    }),
    ({ close }) => close(),
  )
  const alive = await openAlive({ storage, clock: deps.clock, log })
  opened.defer(() => {
    alive.beat()
    return alive.write().catch(faults.bug)
  })
  await storage.notifications.releaseAll(now())
  // Who only watches a host for a minute gets no panel.
  if (deps.listen) await seed(storage, now())
  const settings = await openServerSettings(storage)
  const ackKey = await signingKey(storage, 'ack_key')

  const ending = new AbortController()
  const persistence = createPersistence({
    signal: ending.signal,
    onChange: (trouble) => {
      if (trouble) log.error({ trouble }, 'the store takes no writes; what is decided meanwhile waits in memory')
      else log.info('the store takes writes again; nothing was lost')
    },
  })
  const open = opened.move()
  return {
    storage,
    settings,
    alive,
    persistence,
    sealer: lazily(() => createSealer(loadSealKeys(dataDir, environment))),
    ackKey,
    endWaiting: () => ending.abort(),
    close: () => open.disposeAsync(),
  }
}
