import { because, type Cause } from '#core/cause/cause.ts'
import type { Repositories } from './index.ts'
import { createSealer, type Sealer } from './seal.ts'
import { findSealKeys, loadSealKeys } from './seal-key.ts'
import { StorageError } from './storage-error.ts'

export interface OpenedSealer {
  readonly sealer: Sealer
  /** Ids of keys that sealed what is in use and that this server does not have. */
  readonly missing: readonly string[]
}

/** What people are told where a key is missing, and the ways out. */
export const missingKeys = (ids: readonly string[], dataDir: string): Cause =>
  because('sealed_with_missing_key', { ids: ids.join(', '), folder: dataDir })

/**
 * The keys of a server and what they open. A first key is made only where nothing is sealed yet: beside sealed values that
 * it cannot open, a new one would hide that the old one is needed. None where `mayMake` is false: a full disk keeps none.
 */
export const openSealer = async (
  { sealedValues }: Pick<Repositories, 'sealedValues'>,
  dataDir: string,
  environment: Readonly<Record<string, string | undefined>>,
  mayMake = true,
): Promise<OpenedSealer> => {
  const needed = await sealedValues.keyIds()
  const keys = needed.size === 0 && mayMake ? loadSealKeys(dataDir, environment) : findSealKeys(dataDir, environment)
  const known = new Set([keys.current, ...keys.older].map((key) => key?.id))
  const missing = [...needed].filter((id) => !known.has(id))
  const refusal = () => new StorageError('key_missing', missingKeys(missing, dataDir))
  return { sealer: createSealer(keys, refusal), missing }
}
