import { type EndOfMonitor, sameTarget } from '#config/apply.ts'
import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import { says } from '#core/said.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { done } from '#lib/result.ts'
import type { Repositories } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { sealSecrets } from '#storage/secret-fields.ts'
import type { Naming } from './entry-details.ts'
import { createMonitorJudge, type MonitorJudgeDeps } from './monitor-judge.ts'
import { changed, changedAll, type Entry, type Operate } from './operation.ts'

export interface MonitorDeps extends MonitorJudgeDeps {
  readonly operate: Operate
  readonly sealer: () => Sealer
  /** Puts what is stored in force. */
  readonly inForce: () => Promise<void>
  /** Ends the open alerts of one that is gone or watches something else. */
  readonly endOf: EndOfMonitor
}

export interface Pausing {
  readonly paused: boolean
  readonly reason?: string | undefined
  /** Ms; absent: until somebody lets it go on. */
  readonly until?: number | undefined
}

/** What is each monitor's own: nothing that many are given at once. */
const OF_EACH = ['name', 'was', 'type', 'target', 'options', 'paused'] as const

/** Monitors as people manage them by hand, in the words of the file: `{ name, target, interval: "30s", … }`. */
export interface MonitorOperations {
  create(by: By, entry: unknown): Promise<Outcome<Monitor>>
  update(by: By, id: number, change: JsonObject): Promise<Outcome<Monitor>>
  /** Each by itself, in their order; with `dryRun` nothing is stored and there is no id. */
  createAll(
    by: By,
    entries: readonly unknown[],
    dryRun: boolean,
  ): Promise<readonly Outcome<MonitorSpec & { readonly id?: number }>[]>
  remove(by: By, id: number): Promise<Outcome<undefined>>
  /** Holds for monitors of a file too, over reloads. */
  pause(by: By, id: number, pausing: Pausing): Promise<Outcome<undefined>>
  /** The same of many in one transaction, in their order. */
  pauseAll(by: By, ids: readonly number[], pausing: Pausing): Promise<readonly Outcome<Monitor>[]>
  /** Changes what many have in common; each is taken or refused by itself, and what is taken is one transaction. */
  updateAll(by: By, ids: readonly number[], change: JsonObject): Promise<readonly Outcome<Monitor>[]>
}

export const createMonitorOperations = (deps: MonitorDeps): MonitorOperations => {
  const { operate, probeTypes, sealer, monitors, inForce, endOf } = deps
  const { read, problemOf, revised, ownOf } = createMonitorJudge(deps)
  const byId = (id: number) => monitors().find((monitor) => monitor.id === id)

  const sealed = (spec: MonitorSpec): MonitorSpec => ({
    ...spec,
    paused: false,
    options: sealSecrets(probeTypes.get(spec.type)!.options, spec.options, sealer()),
  })

  /** What people know it by. */
  const named = ({ name, type, options }: MonitorSpec): Naming => ({
    name,
    type,
    target: probeTypes.get(type)?.describe(options as never) ?? type,
  })

  /** Stores one within a transaction; its entry, with the id. */
  const put = async (spec: MonitorSpec, before: Monitor | undefined, repositories: Repositories, at: number) => {
    const objectId = await repositories.monitors.save(sealed(spec), at, before?.name)
    // Whoever asked, a pause by hand is the only one that such a monitor has: the last word counts.
    await repositories.monitors.pause(objectId, spec.paused, at, spec.paused ? before?.pause : undefined)
    if (before && !sameTarget(before, spec)) {
      await repositories.states.forget(objectId)
      await endOf(before, 'changed', at, repositories)
    }
    return {
      action: before ? 'update' : 'create',
      object: 'monitor',
      objectId,
      before: before && named(before),
      after: named(spec),
    }
  }

  const store = async (by: By, spec: MonitorSpec, before?: Monitor): Promise<Outcome<Monitor>> => {
    const { value: id } = await operate(
      by,
      async (repositories, at) => {
        const entry = await put(spec, before, repositories, at)
        return changed(entry.objectId, entry)
      },
      inForce,
    )
    return done(byId(id)!)
  }

  const pauseAll: MonitorOperations['pauseAll'] = async (by, ids, { paused, reason = '', until = null }) => {
    await operate(
      by,
      async ({ monitors: repository }, at) => {
        const entries: Entry[] = []
        for (const id of new Set(ids)) {
          const monitor = byId(id)
          if (!monitor) continue
          await repository.pause(id, paused, at, { by: by.name, reason, until })
          const known = named(monitor)
          entries.push({ action: 'pause', object: 'monitor', objectId: id, before: known, after: known })
        }
        return changedAll(undefined, entries)
      },
      inForce,
    )
    return ids.map((id): Outcome<Monitor> => {
      const monitor = byId(id)
      return monitor ? done(monitor) : notThere('monitor')
    })
  }

  return {
    create: async (by, entry) => {
      const built = read(entry)
      return built.ok ? (problemOf(built.value) ?? store(by, built.value)) : built
    },
    createAll: async (by, entries, dryRun) => {
      const names = new Set<string>()
      const checked = entries.map((entry): Outcome<MonitorSpec & { id?: number }> => {
        const built = read(entry)
        if (!built.ok) return built
        const { value: spec } = built
        if (names.has(spec.name))
          return refused('name_taken', 'name', `${spec.name} stands in the list twice`, {
            code: 'named_twice',
            facts: { name: spec.name },
          })
        names.add(spec.name)
        return problemOf(spec) ?? done(spec)
      })
      if (dryRun) return checked
      const { value } = await operate(
        by,
        async ({ monitors: repository }, at) => {
          const results: Outcome<MonitorSpec & { id?: number }>[] = []
          for (const one of checked) {
            if (!one.ok) {
              results.push(one)
              continue
            }
            const id = await repository.save(sealed(one.value), at)
            if (one.value.paused) await repository.pause(id, true, at)
            results.push(done({ ...one.value, id }))
          }
          const made = results.some(({ ok }) => ok)
          return changed(results, made ? { action: 'create', object: 'monitor', objectId: null } : undefined)
        },
        inForce,
      )
      return value
    },
    update: async (by, id, change) => {
      const built = revised(id, change)
      return built.ok ? store(by, built.value.spec, built.value.before) : built
    },
    updateAll: async (by, ids, change) => {
      const own = OF_EACH.find((name) => Object.hasOwn(change, name))
      if (own !== undefined)
        return ids.map(() => {
          const said = says(
            `${own} is each monitor's own: change it at the monitor`,
            `${own} es propio de cada monitor: cámbielo en el monitor`,
          )
          return refused('invalid_input', own, said.message, said)
        })
      const checked = ids.map((id) => revised(id, change, true))
      await operate(
        by,
        async (repositories, at) => {
          const entries: Entry[] = []
          for (const one of checked)
            if (one.ok) entries.push(await put(one.value.spec, one.value.before, repositories, at))
          return changedAll(undefined, entries)
        },
        inForce,
      )
      return checked.map((one) => (one.ok ? done(byId(one.value.before.id)!) : one))
    },
    remove: async (by, id) => {
      const before = ownOf(id)
      if ('ok' in before) return before
      return operate(
        by,
        async (repositories, at) => {
          await repositories.monitors.remove(id, at)
          await repositories.states.forget(id)
          await endOf(before, 'removed', at, repositories)
          return changed(undefined, { action: 'delete', object: 'monitor', objectId: id, before: named(before) })
        },
        inForce,
      )
    },
    pause: async (by, id, pausing) => {
      const [one] = await pauseAll(by, [id], pausing)
      return one!.ok ? done(undefined) : one!
    },
    pauseAll,
  }
}
