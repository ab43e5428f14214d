import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { changed, type Operate } from '../operation.ts'
import { type Known, type KnownDeps, readKnown } from './known.ts'
import { type Prepared, type PreparedThings, prepareImport, type SourcedPlan } from './prepare.ts'
import type { PrepareDeps } from './prepare-things.ts'
import {
  type KnownThings,
  type StoredBeside,
  type StoredThings,
  type StoreImportDeps,
  storeImport,
  storeThings,
} from './store-import.ts'

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

/** A source that was read beside a running server. */
export interface StagedThings {
  readonly things: PreparedThings
  /** The newest entry of the audit log when it was laid beside what there was. */
  readonly seen: number
  /** What there is, as it is in force. */
  readonly known: Pick<KnownThings, 'channels' | 'monitors'>
  readonly breathe: () => Promise<void> | undefined
  readonly inForce: () => Promise<void>
}

/** What people bring along from other tools. */
export interface ImportOperations {
  /** Stores all of it or nothing, beside what there is at that moment. */
  store(by: By, plans: readonly SourcedPlan[], choice: ImportChoice): Promise<ImportResult>
  /**
   * Stores what was read already, and puts it in force; its history is the caller's to keep. Undefined where something was
   * changed since it was read: then it is to be read anew.
   */
  storeStaged(by: By, staged: StagedThings, prune: boolean): Promise<StoredThings | undefined>
}

/** Of many, the entry in the audit log counts each kind. */
const detailsOf = ({ items, surplus }: PreparedThings, prune: boolean): JsonObject => {
  const counted = Map.groupBy(items, ({ object, did }) => `${object} ${did}`)
  const counts = Object.fromEntries([...counted].map(([what, those]) => [what, those.length]))
  return { ...counts, ...(prune && surplus.length > 0 && { removed: surplus.length }) }
}

const isMove = ({ items, surplus }: PreparedThings, prune: boolean): boolean =>
  items.some(({ did }) => did !== 'same') || (prune && surplus.length > 0)

const entryOf = (things: PreparedThings, prune: boolean) => ({
  action: 'import',
  object: 'configuration',
  objectId: null,
  details: detailsOf(things, prune),
})

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
      const moved = isMove(prepared, prune) || beside.histories > 0
      return changed({ prepared, ...beside }, moved ? entryOf(prepared, prune) : undefined)
    })
    return value
  },
  storeStaged: async (by, { things, seen, known, breathe, inForce }, prune) => {
    const { value } = await operate(
      by,
      async (repositories, at) => {
        const [newest] = await repositories.audit.list({ limit: 1 })
        if ((newest?.id ?? 0) !== seen) return changed(undefined)
        const there = { ...known, rules: await repositories.rules.list() }
        const originOf = () => undefined
        const stored = await storeThings(things, prune, there, at, repositories, { ...deps, originOf, breathe })
        return changed(stored, isMove(things, prune) || things.items.length > 0 ? entryOf(things, prune) : undefined)
      },
      inForce,
    )
    return value
  },
})
