import { type EndOfMonitor, sameTarget } from '#config/apply.ts'
import { keepSecrets, lockedProblem, maskProblem } from '#config/kept-secrets.ts'
import { type EntryDeps, entryOf, monitorFrom } from '#config/monitor-entry.ts'
import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import { allRefused, notThere, type Outcome, type Problem, refused } from '#core/problem.ts'
import { nameTaken } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { isObject, type JsonObject } from '#lib/json.ts'
import { parseAddress } from '#lib/net/cidr.ts'
import { type AddressPolicy, forbiddenReason } from '#lib/net/forbidden-address.ts'
import { done, type Failed, failed } from '#lib/result.ts'
import type { Repositories } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { sealSecrets } from '#storage/secret-fields.ts'
import type { Naming } from './entry-details.ts'
import { changed, changedAll, type Entry, type Operate } from './operation.ts'

export interface MonitorDeps extends EntryDeps {
  readonly operate: Operate
  readonly sealer: () => Sealer
  /** Monitors as they are in force, with their options opened. */
  readonly monitors: () => readonly Monitor[]
  readonly channelNames: () => readonly string[]
  /** Puts what is stored in force. */
  readonly inForce: () => Promise<void>
  /** What a monitor that no file names may not look at. */
  readonly policy: () => AddressPolicy
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

/** Labels that are added to others; one that is set to nothing goes. */
const mergedLabels = (before: Readonly<Record<string, string>>, added: Record<string, unknown>) =>
  Object.fromEntries(Object.entries({ ...before, ...added }).filter(([, value]) => value !== '' && value !== null))

export const createMonitorOperations = (deps: MonitorDeps): MonitorOperations => {
  const { operate, probeTypes, sealer, monitors, channelNames, inForce, policy, endOf } = deps
  const byId = (id: number) => monitors().find((monitor) => monitor.id === id)

  const forbidden = ({ type, options }: MonitorSpec): string | undefined =>
    probeTypes
      .get(type)
      ?.hosts?.(options as never)
      .map((host) => (parseAddress(host) ? forbiddenReason(host, policy()) : undefined))
      .find((reason) => reason !== undefined)

  /** What is wrong with where it looks. */
  const targetProblem = (spec: MonitorSpec): Failed<Problem> | undefined => {
    const masked = maskProblem(probeTypes.get(spec.type)!.options, spec.options)
    if (masked) return masked
    const reason = forbidden(spec)
    return reason === undefined
      ? undefined
      : refused('invalid_input', 'options', `${reason}: an administrator may allow it in the settings`, {
          code: 'forbidden_address',
          facts: {},
        })
  }

  /** What is wrong with how it is called and whom it names: known before all the rest is right. */
  const namesProblems = (
    { name, channels = [] }: { readonly name?: unknown; readonly channels?: unknown },
    id?: number,
  ): Failed<Problem>[] => {
    const missing = Array.isArray(channels) && channels.find((one) => !channelNames().includes(String(one)))
    const isTaken = monitors().some((other) => other.name === name && other.id !== id)
    return [
      ...(isTaken ? [refused('name_taken', 'name', `another monitor is called ${name}`, nameTaken(String(name)))] : []),
      ...(missing
        ? [
            refused('invalid_input', 'channels', `no channel is named ${missing}`, {
              code: 'no_channel',
              facts: { name: String(missing) },
            }),
          ]
        : []),
    ]
  }

  const problemOf = (spec: MonitorSpec, id?: number): Failed<Problem> | undefined => {
    const target = targetProblem(spec)
    return allRefused([...(target ? [target] : []), ...namesProblems(spec, id)])
  }

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

  const ownOf = (id: number): Monitor | Outcome<never> => {
    const monitor = byId(id)
    if (!monitor) return notThere('monitor')
    return monitor.origin === undefined
      ? monitor
      : refused(
          'owned_by_file',
          '',
          `This monitor is written in ${monitor.origin}; it can be paused and silenced here.`,
        )
  }

  /** An entry that makes no monitor: all that is wrong with it. */
  const unfit = (
    { wrong }: Extract<ReturnType<typeof monitorFrom>, { ok: false }>,
    entry: unknown,
    id?: number,
  ): Failed<Problem> =>
    allRefused([
      ...wrong.map((one) => failed({ code: 'invalid_input' as const, ...one })),
      ...namesProblems(isObject(entry) ? entry : {}, id),
    ])!

  /** What one would be after a change. With `merge`, labels are added to those that it has, and an empty one goes. */
  const revised = (
    id: number,
    change: JsonObject,
    merge = false,
  ): Outcome<{ readonly spec: MonitorSpec; readonly before: Monitor }> => {
    const before = ownOf(id)
    if ('ok' in before) return before
    const { options: schema, judge } = probeTypes.get(before.type)!
    // Another target has no use for the secrets of this one.
    const keeps = change.target === undefined && change.type === undefined
    const unread = before.locked !== undefined && !judge && keeps ? lockedProblem(schema, change.options) : undefined
    if (unread) return unread
    const { type, options: stored, ...rest } = entryOf(before)
    const own = keeps ? { type, options: stored } : {}
    const kept = isObject(change.options)
      ? keepSecrets(schema, change.options as JsonObject, before.options)
      : undefined
    if (kept?.ok === false) return kept
    const options = kept ? { options: kept.value } : {}
    const labels = merge && isObject(change.labels) ? { labels: mergedLabels(before.labels, change.labels) } : {}
    const entry = { ...rest, ...own, ...change, ...options, ...labels }
    const built = monitorFrom(entry, deps)
    if (!built.ok) return unfit(built, entry, id)
    return problemOf(built.spec, id) ?? done({ spec: built.spec, before })
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
      const built = monitorFrom(entry, deps)
      if (!built.ok) return unfit(built, entry)
      return problemOf(built.spec) ?? store(by, built.spec)
    },
    createAll: async (by, entries, dryRun) => {
      const names = new Set<string>()
      const checked = entries.map((entry): Outcome<MonitorSpec & { id?: number }> => {
        const built = monitorFrom(entry, deps)
        if (!built.ok) return unfit(built, entry)
        const { spec } = built
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
        return ids.map(() => refused('invalid_input', own, `${own} is each monitor's own: change it at the monitor`))
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
