import { type ApplyDeps, applyWanted, type Wanted } from '#config/apply.ts'
import type { Touched } from '#config/touched.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { changed, type Operate } from './operation.ts'

/** Who it is when a file does something. */
export const BY_FILE: By = { actor: 'file', name: 'file', address: null }

export interface ConfigurationDeps extends ApplyDeps {
  readonly operate: Operate
}

/** What is to be watched and told, as a file says it. */
export interface ConfigurationOperations {
  /** Makes the store hold what a file wants; what was made elsewhere stays. A file that changes nothing leaves no entry. */
  apply(by: By, wanted: Wanted): Promise<void>
}

/** Of many, the entry names so many. */
const NAMED = 20

const listed = (touched: readonly Touched[]): readonly string[] => {
  const names = touched.map(({ object, name }) => `${object} ${name}`)
  return names.length <= NAMED ? names : [...names.slice(0, NAMED), `and ${names.length - NAMED} more`]
}

/** What was done to what: `{ created: ["monitor core-1"], removed: ["channel old"] }`. */
const detailsOf = (touched: readonly Touched[]): JsonObject =>
  Object.fromEntries(
    Map.groupBy(touched, ({ did }) => did)
      .entries()
      .map(([did, those]) => [did, [...listed(those)]]),
  )

export const createConfigurationOperations = ({ operate, ...deps }: ConfigurationDeps): ConfigurationOperations => ({
  apply: async (by, wanted) => {
    await operate(by, async (repositories, at) => {
      const touched = await applyWanted(wanted, at, deps, repositories)
      if (touched.length === 0) return changed(undefined)
      return changed(undefined, {
        action: 'apply',
        object: 'configuration',
        objectId: null,
        details: detailsOf(touched),
      })
    })
  },
})
