import type { Cause } from '#core/cause/cause.ts'
import { createBus } from '#lib/run/bus.ts'
import type { StartPart } from '#lib/thread.ts'
import type { Timers } from '#lib/time/timers.ts'
import { seed } from '#pipeline/clockwork/seed.ts'
import { createPersistence, type Persistence } from '#pipeline/watch/persistence.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { missingKeys, openSealer } from '#storage/open-sealer.ts'
import type { Sealer } from '#storage/seal.ts'
import { openServerSettings, type SettingsBook } from '#storage/server-settings.ts'
import { ACK_KEY, PUSH_KEY, signingKey } from '#storage/signing-key.ts'
import { inEnglish } from '#templates/said.ts'
import { type Alive, type AliveDeps, openAlive } from './alive.ts'
import type { Faults } from './faults.ts'
import type { ServerOptions } from './options.ts'

export interface StoreDeps
  extends Pick<ServerOptions, 'dataDir' | 'databaseUrl' | 'newDatabase' | 'away' | 'environment' | 'listen' | 'log'> {
  readonly clock: AliveDeps['clock']
  readonly timers: Timers
  /** What the system's clock shows, ms. */
  readonly wall: () => number
  /** How the history's thread is started. */
  readonly startPart: StartPart
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
  /** Seals secrets for the database. */
  readonly sealer: () => Sealer
  /** What is wrong with the keys; undefined when nothing is. */
  readonly keyTrouble: Cause | undefined
  /** Ids of the keys that are missing. */
  readonly missingKeys: readonly string[]
  /** Signs what lets people acknowledge an alert from its message; undefined where the key that sealed it is missing. */
  readonly ackKey: string | undefined
  /** Stands behind the push URLs; undefined likewise. */
  readonly pushKey: string | undefined
  /** Hears that the store takes writes again. Returns the way to stop. */
  onRecovery(hear: () => void): () => void
  /** From now on nothing waits for a store that refuses. */
  endWaiting(): void
  close(): Promise<void>
}

/** The same store; how each write ended is noted, whoever made it: /readyz knows of a refusal before it is asked. */
const noting = (storage: Storage, { took, refused }: Persistence): Storage => ({
  ...storage,
  transaction: async (work) => {
    try {
      const result = await storage.transaction(work)
      took()
      return result
    } catch (error) {
      refused(error)
      throw error
    }
  },
})

/** Opens the store and readies it for a new life of the server. Throws StorageError when it cannot be used. */
export const openStore = async (deps: StoreDeps): Promise<Store> => {
  const { dataDir, environment, now, faults, log } = deps
  const tellOfOther = (trouble: string | undefined) => {
    if (trouble) log.error(trouble)
    else log.info('no other server uses the database any more')
  }
  await using opened = new AsyncDisposableStack()
  const stored = opened.adopt(
    await openStorage({
      dataDir,
      databaseUrl: deps.databaseUrl,
      anew: deps.newDatabase,
      away: deps.away,
      timers: deps.timers,
      wall: deps.wall,
      startPart: deps.startPart,
      onMoved: (folder) => log.warn({ folder }, 'a new database begins; what belonged to the lost one was moved'),
      onTrouble: tellOfOther,
    }),
    ({ close }) => close(),
  )
  const recoveries = createBus<[]>()
  const ending = new AbortController()
  const persistence = createPersistence({
    clock: deps.clock,
    timers: deps.timers,
    signal: ending.signal,
    onChange: (trouble) => {
      if (trouble)
        log.error(
          { trouble: inEnglish(trouble) },
          'the store takes no writes; what is decided meanwhile waits in memory',
        )
      else {
        log.info('the store takes writes again; nothing was lost')
        recoveries.publish()
      }
    },
  })
  const storage = noting(stored, persistence)
  const alive = await openAlive({ storage, clock: deps.clock, log })
  opened.defer(() => {
    alive.beat()
    return alive.write().catch(faults.passing)
  })
  await storage.notifications.releaseAll(now())
  // Who only watches a host for a minute gets no panel.
  if (deps.listen) await seed(storage, now())
  const settings = await openServerSettings(storage)
  const { sealer, missing } = await openSealer(storage, dataDir, environment, !deps.away)
  const keyTrouble = missing.length > 0 ? missingKeys(missing, dataDir) : undefined
  if (keyTrouble !== undefined) log.error(inEnglish(keyTrouble))
  const ackKey = await signingKey(storage, ACK_KEY, sealer)
  const pushKey = await signingKey(storage, PUSH_KEY, sealer)

  const open = opened.move()
  return {
    storage,
    settings,
    alive,
    persistence,
    sealer: () => sealer,
    keyTrouble,
    missingKeys: missing,
    ackKey,
    pushKey,
    onRecovery: recoveries.listen,
    endWaiting: () => ending.abort(),
    close: () => open.disposeAsync(),
  }
}
