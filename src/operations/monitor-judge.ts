import { keepSecrets, lockedProblem, maskProblem } from '#config/kept-secrets.ts'
import { type EntryDeps, entryOf, monitorFrom } from '#config/monitor-entry.ts'
import type { Monitor, MonitorSpec } from '#core/monitor/monitor.ts'
import { allRefused, notThere, type Outcome, type Problem, refused } from '#core/problem.ts'
import { nameTaken } from '#core/value-fault.ts'
import { isObject, type JsonObject } from '#lib/json.ts'
import { parseAddress } from '#lib/net/cidr.ts'
import { type AddressPolicy, forbiddenReason } from '#lib/net/forbidden-address.ts'
import { done, type Failed, failed } from '#lib/result.ts'

export interface MonitorJudgeDeps extends EntryDeps {
  /** Monitors as they are in force, with their options opened. */
  readonly monitors: () => readonly Monitor[]
  readonly channelNames: () => readonly string[]
  /** What a monitor that no file names may not look at. */
  readonly policy: () => AddressPolicy
}

/** What people want of monitors, judged: nothing is stored. */
export interface MonitorJudge {
  /** What an entry makes, and all that is wrong with it where it makes none. Names are not looked at. */
  read(entry: unknown): Outcome<MonitorSpec>
  /** What is wrong with one beside all others: its name, the channels it names, where it looks. */
  problemOf(spec: MonitorSpec, id?: number): Failed<Problem> | undefined
  /** What one would be after a change. With `merge`, labels are added to those that it has, and an empty one goes. */
  revised(
    id: number,
    change: JsonObject,
    merge?: boolean,
  ): Outcome<{ readonly spec: MonitorSpec; readonly before: Monitor }>
  /** One that people made here, and may change; why it is none. */
  ownOf(id: number): Monitor | Outcome<never>
}

/** Labels that are added to others; one that is set to nothing goes. */
const mergedLabels = (before: Readonly<Record<string, string>>, added: Record<string, unknown>) =>
  Object.fromEntries(Object.entries({ ...before, ...added }).filter(([, value]) => value !== '' && value !== null))

export const createMonitorJudge = (deps: MonitorJudgeDeps): MonitorJudge => {
  const { probeTypes, monitors, channelNames, policy } = deps

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

  const ownOf = (id: number): Monitor | Outcome<never> => {
    const monitor = monitors().find((one) => one.id === id)
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

  const read: MonitorJudge['read'] = (entry) => {
    const built = monitorFrom(entry, deps)
    return built.ok ? done(built.spec) : unfit(built, entry)
  }

  const revised: MonitorJudge['revised'] = (id, change, merge = false) => {
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

  return { read, problemOf, revised, ownOf }
}
