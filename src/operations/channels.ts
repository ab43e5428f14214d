import { fallbackFault, fallbackProblem } from '#config/fallbacks.ts'
import { keepSecrets, lockedProblem, maskProblem } from '#config/kept-secrets.ts'
import { plainSource } from '#config/plain-source.ts'
import { validate } from '#config/validate.ts'
import { zoneProblem } from '#config/zone.ts'
import type { ChannelType, DeliveryOutcome } from '#core/channel.ts'
import { type Channel, type ChannelChange, type ChannelSpec, definedFields } from '#core/message/channel-spec.ts'
import { allRefused, notThere, type Outcome, type Problem, refused } from '#core/problem.ts'
import { nameTaken, zoneFault } from '#core/value-fault.ts'
import type { By } from '#core/who/by.ts'
import { type AddressPolicy, forbiddenReason } from '#lib/net/forbidden-address.ts'
import { hostsIn } from '#lib/net/hosts-in.ts'
import { done, type Failed, failed } from '#lib/result.ts'
import type { Repositories } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { sealSecrets } from '#storage/secret-fields.ts'
import { inEnglish, problemSaid } from '#templates/said.ts'
import { keepTest, type TestResult } from './channel-test.ts'
import type { Naming } from './entry-details.ts'
import { changed, type Operate } from './operation.ts'

export interface ChannelDeps {
  readonly operate: Operate
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly sealer: () => Sealer
  /** Channels as they are in force, with their options opened. */
  readonly channels: () => readonly Channel[]
  /** Puts what is stored in force. */
  readonly inForce: () => Promise<void>
  /** Where a channel that no file names may not send. */
  readonly policy: () => AddressPolicy
  /** Names of the lists of who is on duty. */
  readonly dutyLists: () => readonly string[]
  /** Sends one test message, once. */
  readonly sendTest: (channel: Channel) => Promise<DeliveryOutcome>
  readonly now: () => number
}

/** Rules, monitors and channels that a refusal names at most. */
const USES_SHOWN = 10

const inUse = (names: readonly string[]) => {
  const shown = names.slice(0, USES_SHOWN).join(', ') + (names.length > USES_SHOWN ? ', …' : '')
  const words = `Rules, monitors or channels send by it: ${shown}. Add ?force=true to take it out of them.`
  return refused('in_use', '', words, { code: 'used_by', facts: { names: shown } })
}

/** Channels as people manage them by hand: checked before they are stored, their secrets sealed. */
export interface ChannelOperations {
  create(by: By, spec: ChannelSpec): Promise<Outcome<Channel>>
  update(by: By, id: number, change: ChannelChange): Promise<Outcome<Channel>>
  /** What named it no longer does; without `force` they keep it from going. */
  remove(by: By, id: number, force?: boolean): Promise<Outcome<undefined>>
  /**
   * Sends one message now and waits for its first attempt; undefined where there is no such channel. It stands in the history
   * as a test. `counted`: it counts as one of the channel's deliveries.
   */
  test(by: By, id: number, counted?: boolean): Promise<TestResult | undefined>
}

export const createChannelOperations = (deps: ChannelDeps): ChannelOperations => {
  const { operate, channelTypes, environment, sealer, channels, inForce, policy, sendTest, now } = deps
  const byId = (id: number) => channels().find((channel) => channel.id === id)

  /** What is wrong with its options: all that its type's schema says, else the first thing that only the type knows. */
  const optionProblems = (spec: ChannelSpec, type: ChannelType): Failed<Problem>[] => {
    const wrong = validate(type.options, spec.options, ['options'], plainSource(spec.options))
    if (wrong.length > 0)
      return wrong.map(({ file, line: _, column: __, ...said }) =>
        failed({ code: 'invalid_input' as const, path: file, ...said }),
      )
    const masked = maskProblem(type.options, spec.options)
    if (masked) return [masked]
    // An enabled channel must be able to send; one that is being prepared may lack what it needs.
    const check = spec.enabled ? type.check?.(spec.options as never, environment) : undefined
    if (check) {
      const said = problemSaid(check)
      return [refused('invalid_input', 'options', said.message, said)]
    }
    const lists = type.passesOnTo?.(spec.options as never) ?? []
    const missing = lists.findIndex((name) => !deps.dutyLists().includes(name))
    if (missing >= 0)
      return [
        refused('invalid_input', `options.lists.${missing}`, `there is no duty list ${lists[missing]}`, {
          code: 'not_known',
          facts: { value: lists[missing]! },
        }),
      ]
    const literal = forbiddenLiteral(spec)
    return literal ? [refused('invalid_input', 'options', literal, { code: 'forbidden_address', facts: {} })] : []
  }

  const problemOf = (spec: ChannelSpec, before?: Channel): Outcome<never> | undefined => {
    const type = channelTypes.get(spec.type)
    if (!type)
      return refused(
        'invalid_input',
        'type',
        `${spec.type} is not known; there are ${[...channelTypes.keys()].join(', ')}`,
        { code: 'not_known', facts: { value: spec.type } },
      )
    const problems: Failed<Problem>[] = optionProblems(spec, type)
    const zone = spec.timeZone === undefined ? undefined : zoneProblem(spec.timeZone)
    if (zone) problems.push(refused('invalid_input', 'time_zone', inEnglish(zone), zoneFault(spec.timeZone!)))
    if (channels().some((other) => other.name === spec.name && other.id !== before?.id))
      problems.push(refused('name_taken', 'name', `another channel is called ${spec.name}`, nameTaken(spec.name)))
    // The file may have taken the fallback away since: that keeps nobody from changing the rest.
    if (spec.fallback?.to !== before?.fallback?.to) {
      const others = channels().filter(({ id }) => id !== before?.id)
      const wrong = fallbackProblem(spec, [...others, spec])
      if (wrong) problems.push(refused('invalid_input', 'fallback.to', inEnglish(wrong), fallbackFault(spec)))
    }
    return allRefused(problems)
  }

  /** A forbidden address that stands in the options itself is told at once; names are looked up when it sends. */
  const forbiddenLiteral = ({ type, options }: ChannelSpec): string | undefined => {
    const urls = [options.url, options.api_url, options.webhook_url].map((url) => URL.parse(String(url))?.hostname)
    const hosts = [...urls, ...(channelTypes.get(type)!.hosts?.(options as never, environment) ?? [])]
    return hosts
      .flatMap((host) => host?.replace(/^\[|\]$/g, '') ?? [])
      .map((host) => (/^[\d.]+$|:/.test(host) ? forbiddenReason(host, policy()) : undefined))
      .find((reason) => reason !== undefined)
  }

  /** Monitors and other channels know a channel by its name. */
  const rename = async (was: string, name: string, { monitors, channels: stored, duty }: Repositories, at: number) => {
    for (const monitor of await monitors.list())
      if (monitor.channels.includes(was)) await monitors.replaceChannel(monitor.id, was, name, at)
    await stored.fallBackTo(was, name, at)
    await duty.replaceChannel(was, name)
  }

  /** What people know it by: of an address only its server. */
  const named = ({ name, type, options, locked }: ChannelSpec & Pick<Channel, 'locked'>): Naming => {
    const target = locked ? undefined : channelTypes.get(type)?.describe(options as never)
    const servers = locked ? [] : hostsIn(options).filter((host) => !target?.includes(host))
    return { name, type, target: [target, ...servers].filter(Boolean).join(' by ') }
  }

  const store = async (by: By, spec: ChannelSpec, before?: Channel): Promise<Outcome<Channel>> => {
    const { options } = channelTypes.get(spec.type)!
    const sealed = { ...spec, options: sealSecrets(options, spec.options, sealer()) }
    const { value: id } = await operate(
      by,
      async (repositories, at) => {
        if (before && before.name !== spec.name) await rename(before.name, spec.name, repositories, at)
        const objectId = await repositories.channels.save(sealed, at, before?.name)
        return changed(objectId, {
          action: before ? 'update' : 'create',
          object: 'channel',
          objectId,
          before: before && named(before),
          after: named(spec),
        })
      },
      inForce,
    )
    return done(byId(id)!)
  }

  const ownOf = (id: number): Channel | Outcome<never> => {
    const channel = byId(id)
    if (!channel) return notThere('channel')
    return channel.origin === undefined
      ? channel
      : refused('owned_by_file', '', `This channel is written in ${channel.origin}.`)
  }

  /** Who sends by it: rules and monitors that name it, and channels that fall back to it. */
  const usesOf = async ({ id, name }: Channel, repositories: Repositories) => ({
    rules: (await repositories.rules.list()).filter(({ channelIds }) => channelIds.includes(id)),
    monitors: (await repositories.monitors.list()).filter((monitor) => monitor.channels.includes(name)),
    channels: channels().filter(({ fallback }) => fallback?.to === name),
    people: (await repositories.duty.people()).filter((person) => person.channels.includes(name)),
    lists: (await repositories.duty.lists()).filter(({ fallback }) => fallback.includes(name)),
  })

  const takeOut = async (
    { id, name }: Channel,
    { rules, monitors }: Awaited<ReturnType<typeof usesOf>>,
    repositories: Repositories,
    at: number,
  ) => {
    for (const { id: ruleId, updatedBy, ...rule } of rules) {
      const channelIds = rule.channelIds.filter((one) => one !== id)
      await repositories.rules.update(ruleId, { ...rule, channelIds }, updatedBy ?? 'system', at)
    }
    for (const monitor of monitors) await repositories.monitors.replaceChannel(monitor.id, name, undefined, at)
    await repositories.channels.fallBackTo(name, undefined, at)
    await repositories.duty.replaceChannel(name, undefined)
  }

  return {
    create: async (by, spec) => problemOf(spec) ?? store(by, spec),
    update: async (by, id, change) => {
      const before = ownOf(id)
      if ('ok' in before) return before
      const { id: _, locked: __, ...spec } = before
      const { options: schema } = channelTypes.get(before.type)!
      const unread = before.locked ? lockedProblem(schema, change.options) : undefined
      if (unread) return unread
      const options = change.options ? keepSecrets(schema, change.options, before.options) : done(before.options)
      if (!options.ok) return options
      const wanted = definedFields({ ...spec, ...change, options: options.value })
      return problemOf(wanted, before) ?? store(by, wanted, before)
    },
    remove: async (by, id, force = false) => {
      const channel = ownOf(id)
      if ('ok' in channel) return channel
      return operate(
        by,
        async (repositories, at) => {
          const uses = await usesOf(channel, repositories)
          const using = Object.values(uses).flatMap((users) => users.map(({ name }) => name))
          if (using.length > 0 && !force) return inUse(using)
          await takeOut(channel, uses, repositories, at)
          await repositories.channels.remove(id, at)
          return changed(undefined, { action: 'delete', object: 'channel', objectId: id, before: named(channel) })
        },
        inForce,
      )
    },
    test: async (by, id, counted = false) => {
      const channel = byId(id)
      if (!channel) return undefined
      const [at, started] = [now(), performance.now()]
      const outcome = await sendTest(channel)
      const result = { outcome, durationMs: performance.now() - started }
      await operate(by, async ({ notifications }) => {
        await keepTest({ channelId: id, at, result, counted }, notifications)
        const known = named(channel)
        return changed(undefined, { action: 'test', object: 'channel', objectId: id, before: known, after: known })
      })
      return result
    },
  }
}
