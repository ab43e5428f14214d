import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { changed, type Operate } from '../operation.ts'
import { type Known, type KnownDeps, readKnown } from './known.ts'
import { type Prepared, prepareImport, type SourcedPlan } from './prepare.ts'
import type { PrepareDeps } from './prepare-things.ts'
import { type StoredBeside, type StoreImportDeps, storeImport } from './store-import.ts'

export interface ImportDeps extends PrepareDeps, KnownDeps, Omit<StoreImportDeps, 'originOf'> {
  readonly operate: Operate
}

interface ImportChoice {
  /** Take out what an earlier import brought and the source has no more. */
  readonly prune: boolean
  readonly originOf: StoreImportDeps['originOf']
}

interface ImportResult extends StoredBeside {
  readonly prepared: Prepared
}

/** What people bring along from other tools. */
export interface ImportOperations {
  /** Stores all of it or nothing, beside what there is at that moment. */
  store(by: By, plans: readonly SourcedPlan[], choice: ImportChoice): Promise<ImportResult>
}

/** Of many, the entry in the audit log counts each kind. */
const detailsOf = ({ items, surplus }: Prepared, prune: boolean): JsonObject => {
  const counted = Map.groupBy(items, ({ object, did }) => `${object} ${did}`)
  const counts = Object.fromEntries([...counted].map(([what, those]) => [what, those.length]))
  return { ...counts, ...(prune && surplus.length > 0 && { removed: surplus.length }) }
}

export const createImportOperations = ({ operate, ...deps }: ImportDeps): ImportOperations => ({
  store: async (by, plans, { prune, originOf }) => {
    const { value } = await operate(by, async (repositories, at) => {
      const known: Known = await readKnown(
        plans.map(({ source }) => source),
        repositories,
        deps,
      )
      const prepared = prepareImport(plans, known, deps)
      const beside = await storeImport(prepared, prune, known, at, repositories, { ...deps, originOf })
      const moved = prepared.items.some(({ did }) => did !== 'same') || (prune && prepared.surplus.length > 0)
      const entry = { action: 'import', object: 'configuration', objectId: null, details: detailsOf(prepared, prune) }
      return changed({ prepared, ...beside }, moved || beside.histories > 0 ? entry : undefined)
    })
    return value
  },
})
