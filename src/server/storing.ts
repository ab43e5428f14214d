import type { ServerPlace } from '#core/server-place.ts'
import { type Configuration, createConfiguration } from './configuration.ts'
import type { Faults } from './faults.ts'
import type { Live } from './live-event.ts'
import type { ServerOptions } from './options.ts'
import { createPlace } from './place.ts'
import { openStore, type Store } from './store.ts'
import type { Systems } from './systems.ts'
import { createTargets, type Targets } from './targets.ts'

export interface StoringDeps {
  readonly options: Pick<
    ServerOptions,
    | 'dataDir'
    | 'databaseUrl'
    | 'newDatabase'
    | 'away'
    | 'environment'
    | 'listen'
    | 'wanted'
    | 'log'
    | 'language'
    | 'timeZone'
    | 'url'
  >
  readonly systems: Pick<Systems, 'clock' | 'timers' | 'wall' | 'startPart'>
  readonly live: Live
  readonly faults: Faults
}

/** What is stored, and what of it is in force. */
export interface Storing extends AsyncDisposable {
  readonly store: Store
  readonly configuration: Configuration
  readonly targets: Targets
  /** How the server speaks to people, as it is now. */
  readonly place: () => ServerPlace
}

/** Opens the store, makes it hold what the file says, and puts that in force. Throws StorageError when it cannot be used. */
export const openStoring = async ({ options, systems, live, faults }: StoringDeps): Promise<Storing> => {
  await using opening = new AsyncDisposableStack()
  const { dataDir, databaseUrl, newDatabase, away, environment, listen, wanted, log } = options
  const { clock, timers, wall, startPart } = systems

  const store = opening.adopt(
    await openStore({
      dataDir,
      databaseUrl,
      newDatabase,
      away,
      environment,
      listen,
      log,
      clock,
      now: clock.now,
      timers,
      wall,
      startPart,
      faults,
    }),
    ({ close }) => close(),
  )
  const { storage, settings, sealer, pushKey } = store
  const configuration = createConfiguration({ storage, settings, sealer, pushKey, live, now: clock.now, log })
  if (wanted) await configuration.store(wanted)
  await configuration.takeOver()
  await configuration.takeOverRules()
  await configuration.takeOverDuty()

  const open = opening.move()
  return {
    store,
    configuration,
    targets: createTargets(store.settings),
    place: createPlace(options, store.settings),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
