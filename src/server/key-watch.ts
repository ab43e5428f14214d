import type { NewEvent } from '#core/event/event.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import { keysMissing, VIGIA_STORAGE } from '#pipeline/watch/storage-damage.ts'
import type { Storage } from '#storage/index.ts'
import type { Faults } from './faults.ts'
import type { Health } from './health.ts'
import type { Store } from './store.ts'

export interface KeyWatchDeps extends Pick<Store, 'keyTrouble' | 'missingKeys'> {
  readonly storage: Pick<Storage, 'events'>
  readonly health: Pick<Health, 'hearDamage'>
  readonly persistence: Pick<Persistence, 'write'>
  readonly ingest: (events: readonly NewEvent[]) => Promise<unknown>
  readonly now: () => number
  readonly faults: Faults
}

/** Events of the kind that are looked through for what was told last. */
const REMEMBERED = 100

/** Tells once that a key is missing, and once that it is back. */
export const tellOfKeys = async (deps: KeyWatchDeps): Promise<void> => {
  const { keyTrouble, missingKeys, storage, health, persistence, ingest, now, faults } = deps
  if (keyTrouble !== undefined) health.hearDamage(keyTrouble)
  const told = await storage.events.list({ limit: REMEMBERED, type: VIGIA_STORAGE })
  const last = told.find(({ data }) => data.about === 'keys')
  const wasMissing = last?.data.status === 'firing'
  if (wasMissing === missingKeys.length > 0) return
  persistence.write(() => ingest([keysMissing(missingKeys, now())])).catch(faults.bug)
}
