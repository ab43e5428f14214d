import type { Monitor, MonitorSpec } from '#core/monitor.ts'
import { notSaved, type Saved, saved } from '#core/saved.ts'
import { parseAddress } from '#lib/cidr.ts'
import { type AddressPolicy, forbiddenReason } from '#lib/forbidden-address.ts'
import { isObject, type JsonObject } from '#lib/json.ts'
import type { Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { openSecrets, sealSecrets } from '#storage/secret-fields.ts'
import { type EndOfMonitor, sameTarget } from './apply.ts'
import { keepSecrets, lockedProblem, maskProblem } from './kept-secrets.ts'
import { type EntryDeps, entryOf, monitorFrom } from './monitor-entry.ts'

export interface MonitorBookDeps extends EntryDeps {
  readonly storage: Storage
  readonly sealer: () => Sealer
  readonly now: () => number
  /** Monitors as they are in force, with their options opened. */
  readonly monitors: () => readonly Monitor[]
  readonly channelNames: () => readonly string[]
  /** Puts what is stored in force. */
  readonly changed: () => Promise<void>
  /** What a monitor that no file names may not look at. */
  readonly policy: () => AddressPolicy
  /** Ends the open alerts of one that is gone or watches something else. */
  readonly endOf: EndOfMonitor
}

/** Monitors as people manage them by hand, in the words of the file: `{ name, target, interval: "30s", … }`. */
export interface MonitorBook {
  create(entry: unknown): Promise<Saved<Monitor>>
  update(id: number, change: JsonObject): Promise<Saved<Monitor>>
  /** Each by itself, in their order; with `dryRun` nothing is stored and there is no id. */
  createAll(
    entries: readonly unknown[],
    dryRun: boolean,
  ): Promise<readonly Saved<MonitorSpec & { readonly id?: number }>[]>
  remove(id: number): Promise<Saved<undefined>>
  /** False when there is none. Holds for monitors of a file too, over reloads. */
  pause(id: number, paused: boolean): Promise<boolean>
}

/** Why a monitor is not looked at, as its results say. */
const LOCKED = {
  key_missing: 'the key that sealed its secrets is missing on this server',
  damaged: 'its stored secrets are damaged',
} as const

/** The same for a passive monitor, whose address is made from a key. */
const PUSH_LOCKED = 'the key behind its push URL is missing on this server'

/**
 * Makes the secrets of a stored monitor readable; one whose secrets do not open is `locked`, and is not looked at. So is a
 * passive one, of a file too, where nobody knows its address: `callable` is false then.
 */
export const openMonitor = (
  monitor: Monitor,
  { probeTypes }: Pick<EntryDeps, 'probeTypes'>,
  sealer: () => Sealer,
  callable = true,
): Monitor => {
  const type = probeTypes.get(monitor.type)
  if (type?.judge && !callable) return { ...monitor, locked: PUSH_LOCKED }
  if (!type || monitor.origin !== undefined) return monitor
  const opened = openSecrets(type.options, monitor.options, sealer())
  if (opened.ok) return { ...monitor, options: opened.value }
  // Of a time before secrets were sealed.
  if (opened.reason === 'damaged' && !JSON.stringify(monitor.options).includes('"sealed:1:')) return monitor
  return { ...monitor, locked: LOCKED[opened.reason] }
}

export const createMonitorBook = (deps: MonitorBookDeps): MonitorBook => {
  const { storage, probeTypes, sealer, now, monitors, channelNames, changed, policy, endOf } = deps
  const byId = (id: number) => monitors().find((monitor) => monitor.id === id)

  const forbidden = ({ type, options }: MonitorSpec): string | undefined =>
    probeTypes
      .get(type)
      ?.hosts?.(options as never)
      .map((host) => (parseAddress(host) ? forbiddenReason(host, policy()) : undefined))
      .find((reason) => reason !== undefined)

  const problemOf = (spec: MonitorSpec, id?: number): Saved<never> | undefined => {
    const masked = maskProblem(probeTypes.get(spec.type)!.options, spec.options)
    if (masked) return masked
    const reason = forbidden(spec)
    if (reason) return notSaved('invalid_input', 'options', `${reason}: an administrator may allow it in the settings`)
    const missing = spec.channels.find((name) => !channelNames().includes(name))
    if (missing !== undefined) return notSaved('invalid_input', 'channels', `no channel is named ${missing}`)
    if (monitors().some((other) => other.name === spec.name && other.id !== id))
      return notSaved('name_taken', 'name', `another monitor is called ${spec.name}`)
    return undefined
  }

  const sealed = (spec: MonitorSpec): MonitorSpec => ({
    ...spec,
    paused: false,
    options: sealSecrets(probeTypes.get(spec.type)!.options, spec.options, sealer()),
  })

  const store = async (spec: MonitorSpec, before?: Monitor): Promise<Saved<Monitor>> => {
    const id = await storage.transaction(async (repositories) => {
      const stored = await repositories.monitors.save(sealed(spec), now(), before?.name)
      // Whoever asked, a pause by hand is the only one that such a monitor has: the last word counts.
      await repositories.monitors.pause(stored, spec.paused, now())
      if (before && !sameTarget(before, spec)) {
        await repositories.states.forget(stored)
        await endOf(before, 'changed', now(), repositories)
      }
      return stored
    })
    await changed()
    return saved(byId(id)!)
  }

  const ownOf = (id: number): Monitor | Saved<never> => {
    const monitor = byId(id)
    if (!monitor) return notSaved('not_found', '', 'There is no such monitor.')
    return monitor.origin === undefined
      ? monitor
      : notSaved(
          'owned_by_file',
          '',
          `This monitor is written in ${monitor.origin}; it can be paused and silenced here.`,
        )
  }

  return {
    create: async (entry) => {
      const built = monitorFrom(entry, deps)
      if (!built.ok) return notSaved('invalid_input', built.path, built.message)
      return problemOf(built.spec) ?? store(built.spec)
    },
    createAll: async (entries, dryRun) => {
      const names = new Set<string>()
      const checked = entries.map((entry): Saved<MonitorSpec & { id?: number }> => {
        const built = monitorFrom(entry, deps)
        if (!built.ok) return notSaved('invalid_input', built.path, built.message)
        const { spec } = built
        if (names.has(spec.name)) return notSaved('name_taken', 'name', `${spec.name} stands in the list twice`)
        names.add(spec.name)
        return problemOf(spec) ?? saved(spec)
      })
      if (dryRun) return checked
      const stored = await storage.transaction(async ({ monitors: repository }) => {
        const results: Saved<MonitorSpec & { id?: number }>[] = []
        for (const one of checked) {
          if (!one.ok) {
            results.push(one)
            continue
          }
          const id = await repository.save(sealed(one.value), now())
          if (one.value.paused) await repository.pause(id, true, now())
          results.push(saved({ ...one.value, id }))
        }
        return results
      })
      await changed()
      return stored
    },
    update: async (id, change) => {
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
      const built = monitorFrom({ ...rest, ...own, ...change, ...options }, deps)
      if (!built.ok) return notSaved('invalid_input', built.path, built.message)
      return problemOf(built.spec, id) ?? store(built.spec, before)
    },
    remove: async (id) => {
      const before = ownOf(id)
      if ('ok' in before) return before
      await storage.transaction(async (repositories) => {
        await repositories.monitors.remove(id, now())
        await repositories.states.forget(id)
        await endOf(before, 'removed', now(), repositories)
      })
      await changed()
      return saved(undefined)
    },
    pause: async (id, paused) => {
      if (!byId(id)) return false
      await storage.transaction((repositories) => repositories.monitors.pause(id, paused, now()))
      await changed()
      return true
    },
  }
}
