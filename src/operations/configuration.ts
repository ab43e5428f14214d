import { type ApplyDeps, applyWanted, type Wanted } from '#config/apply.ts'
import { applyByHand, type ByHandDeps } from '#config/apply-by-hand.ts'
import type { Config } from '#config/load.ts'
import { type PlannedItem, plannedItems } from '#config/plan/plan-view.ts'
import { hasOwnFile, type Opening, type Present, readPresent } from '#config/plan/present.ts'
import { changedSections, fileOnlySections, placeByHand, settingsByHand } from '#config/plan/sections.ts'
import type { Taking } from '#config/plan/step.ts'
import { type Steps, stepsOf } from '#config/plan/steps.ts'
import type { Touched } from '#config/touched.ts'
import { type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { done } from '#lib/result.ts'
import { createBreath } from '#lib/run/breath.ts'
import type { Repositories } from '#storage/index.ts'
import { changed, type Operate } from './operation.ts'
import { type ReplaySides, replaySides } from './replay-sides.ts'

/** Who it is when a file does something. */
export const BY_FILE: By = { actor: 'file', name: 'file', address: null }

export interface ConfigurationDeps extends ApplyDeps {
  readonly operate: Operate
}

/** What is to be watched and told, as a file says it. */
export interface ConfigurationOperations {
  /**
   * Makes the store hold what the server's own file wants; what was made elsewhere stays. A file that changes nothing leaves
   * no entry. `running` is what the file said until now.
   */
  apply(by: By, wanted: Wanted, running?: Wanted): Promise<void>
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

const entryOf = (touched: readonly Touched[]) =>
  touched.length === 0
    ? undefined
    : ({ action: 'apply', object: 'configuration', objectId: null, details: detailsOf(touched) } as const)

export const createConfigurationOperations = ({ operate, ...deps }: ConfigurationDeps): ConfigurationOperations => ({
  apply: async (by, wanted, running) => {
    await operate(by, async (repositories, at) =>
      changed(undefined, entryOf(await applyWanted(wanted, at, deps, repositories, running))),
    )
  },
})

/** What somebody hands over beside the file itself. */
export interface PlanChoice {
  /** What was made by hand and the file does not name goes. */
  readonly prune: boolean
  /** On a server that runs from a file of its own: what is made by hand beside that. */
  readonly beside: boolean
}

/** What a file would do, or did. */
export interface ConfigurationPlan {
  readonly as: Taking['as']
  readonly items: readonly PlannedItem[]
  /** Parts of the server's own file that say something else than now; not known where no server runs. */
  readonly sections: readonly string[]
  /** Parts of the file that are no things: only the server's own file may say them. */
  readonly fileOnly: readonly string[]
}

export interface PlanDeps extends Omit<ByHandDeps, 'by'> {
  readonly operate: Operate
  readonly opening: Opening
  /** What the server's own file says at this moment. */
  readonly running: () => Wanted | undefined
  /** Names of settings that it holds. */
  readonly heldByFile: ReadonlySet<string>
  readonly now: () => number
  /** Puts what is stored in force. */
  readonly inForce: () => Promise<void>
}

/** A file that somebody hands over: what it would do, and done. */
export interface PlanOperations {
  plan(config: Config, choice: PlanChoice, repositories: Repositories): Promise<ConfigurationPlan>
  /** All of it in one transaction, or nothing. */
  apply(by: By, config: Config, choice: PlanChoice): Promise<Outcome<ConfigurationPlan>>
  /** The configurations before and after, to be compared over what is stored. */
  sides(config: Config, choice: PlanChoice, repositories: Repositories): Promise<ReplaySides>
}

const fileOf = ({ channels, monitors, rules, plans, running }: Present): string => {
  const all: readonly { readonly origin?: string }[] = [
    ...channels,
    ...monitors,
    ...rules,
    ...plans,
    ...(running?.channels ?? []),
  ]
  return (all.find(({ origin }) => origin !== undefined)?.origin ?? 'a file').replace(/:\d+$/, '')
}

const ownFileRefusal = (file: string) => {
  const words = says(
    `This server takes its configuration from ${file}: put the file in its place, which is read at once, or apply it beside that with --beside.`,
    `Este servidor toma su configuración de ${file}: ponga el archivo en su lugar, se lee enseguida, o aplíquelo junto a ese con --beside.`,
  )
  return refused('owned_by_file', '', words.message, words)
}

/** What is decided, thing by thing. */
const decided = (
  config: Config,
  { prune, beside }: PlanChoice,
  present: Present,
  { probeTypes }: Pick<PlanDeps, 'probeTypes'>,
  now: number,
): Steps => {
  const taking: Taking = { as: hasOwnFile(present) && !beside ? 'reload' : 'apply', prune }
  const wanted = taking.as === 'apply' ? { ...config, settings: settingsByHand(config) } : config
  return stepsOf(wanted, present, taking, { probeTypes, now })
}

/** The same as it is shown. */
const shown = (
  steps: Steps,
  config: Config,
  present: Present,
  deps: Pick<PlanDeps, 'probeTypes' | 'channelTypes'>,
): ConfigurationPlan => {
  const { as } = steps.taking
  return {
    as,
    items: plannedItems(steps, present, deps),
    sections: as === 'apply' ? [] : changedSections(present.running, config),
    fileOnly: as === 'apply' ? fileOnlySections(config) : [],
  }
}

/** What a file would do beside what there is. Pure. */
export const planBeside = (
  config: Config,
  choice: PlanChoice,
  present: Present,
  deps: Pick<PlanDeps, 'probeTypes' | 'channelTypes'>,
  now: number,
): ConfigurationPlan => shown(decided(config, choice, present, deps, now), config, present, deps)

export const createPlanOperations = (deps: PlanDeps): PlanOperations => {
  const presentIn = async (repositories: Repositories, now: number): Promise<Present> => {
    const running = deps.running()
    const present = await readPresent(repositories, now, deps.opening, running)
    // What the server's own file says of its place is above what people set.
    const { server } = (running ?? {}) as Partial<Config>
    return { ...present, settings: { ...present.settings, ...(server && placeByHand(server)) }, held: deps.heldByFile }
  }
  /** Others have their turns between: of a thousand monitors each part takes some milliseconds. */
  const breathe = createBreath(0)
  const look = async (config: Config, choice: PlanChoice, repositories: Repositories) => {
    const now = deps.now()
    await breathe()
    const present = await presentIn(repositories, now)
    await breathe()
    const steps = decided(config, choice, present, deps, now)
    await breathe()
    return { present, steps }
  }

  return {
    plan: async (config, choice, repositories) => {
      const { present, steps } = await look(config, choice, repositories)
      return shown(steps, config, present, deps)
    },
    sides: async (config, choice, repositories) => {
      const { present, steps } = await look(config, choice, repositories)
      return replaySides(steps, present, deps.probeTypes)
    },
    apply: async (by, config, choice) => {
      const applied = await deps.operate(
        by,
        async (repositories, at) => {
          const present = await presentIn(repositories, at)
          const steps = decided(config, choice, present, deps, at)
          if (steps.taking.as === 'reload') return ownFileRefusal(fileOf(present))
          const plan = shown(steps, config, present, deps)
          const touched = await applyByHand(steps, at, { ...deps, by: by.name }, repositories)
          return changed(plan, entryOf(touched))
        },
        deps.inForce,
      )
      return applied.ok ? done(applied.value) : applied
    },
  }
}
