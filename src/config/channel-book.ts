import type { ChannelType, DeliveryOutcome, SendContext } from '#core/channel.ts'
import { type Channel, type ChannelChange, type ChannelSpec, definedFields } from '#core/channel-spec.ts'
import { notSaved, type Saved, saved } from '#core/saved.ts'
import { type AddressPolicy, forbiddenReason } from '#lib/forbidden-address.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import type { Sealer } from '#storage/seal.ts'
import { openSecrets, sealSecrets } from '#storage/secret-fields.ts'
import { fallbackProblem } from './fallbacks.ts'
import { keepSecrets, lockedProblem, maskProblem } from './kept-secrets.ts'
import { plainSource } from './plain-source.ts'
import { validate } from './validate.ts'
import { zoneProblem } from './zone.ts'

export interface ChannelBookDeps {
  readonly storage: Storage
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly sealer: () => Sealer
  readonly now: () => number
  /** Channels as they are in force, with their options opened. */
  readonly channels: () => readonly Channel[]
  /** Puts what is stored in force. */
  readonly changed: () => Promise<void>
  /** Where a channel that no file names may not send. */
  readonly policy: () => AddressPolicy
  /** Sends one test message, once. */
  readonly sendTest: (channel: Channel) => Promise<DeliveryOutcome>
}

/** Rules, monitors and channels that a refusal names at most. */
const USES_SHOWN = 10

export interface TestResult {
  readonly outcome: DeliveryOutcome
  readonly durationMs: number
}

/** Channels as people manage them by hand: checked before they are stored, their secrets sealed. */
export interface ChannelBook {
  create(spec: ChannelSpec): Promise<Saved<Channel>>
  update(id: number, change: ChannelChange): Promise<Saved<Channel>>
  /** What named it no longer does; without `force` they keep it from going. */
  remove(id: number, force?: boolean): Promise<Saved<undefined>>
  test(id: number): Promise<TestResult | undefined>
}

/** Makes the secrets of a stored channel readable; one whose key is missing is `locked`. A file's come from the file. */
export const openChannel = (
  channel: Channel,
  channelTypes: ReadonlyMap<string, ChannelType>,
  sealer: () => Sealer,
): Channel => {
  const type = channelTypes.get(channel.type)
  if (!type || channel.origin !== undefined) return channel
  const opened = openSecrets(type.options, channel.options, sealer())
  return opened.ok ? { ...channel, options: opened.value } : { ...channel, locked: true }
}

/** What guards the sending of a channel that no file names, also after a redirect or another answer of DNS. */
export const guardOf = (
  { origin }: Channel,
  policy: () => AddressPolicy,
): Pick<SendContext, 'guard'> | Record<string, never> =>
  origin === undefined
    ? {
        guard: (_url, address) => {
          const reason = forbiddenReason(address, policy())
          return reason && `${reason}: an administrator may allow it in the settings, or name the channel in the file`
        },
      }
    : {}

export const createChannelBook = (deps: ChannelBookDeps): ChannelBook => {
  const { storage, channelTypes, environment, sealer, now, channels, changed, policy, sendTest } = deps
  const byId = (id: number) => channels().find((channel) => channel.id === id)

  const problemOf = (spec: ChannelSpec, before?: Channel): Saved<never> | undefined => {
    const type = channelTypes.get(spec.type)
    if (!type)
      return notSaved(
        'invalid_input',
        'type',
        `${spec.type} is not known; there are ${[...channelTypes.keys()].join(', ')}`,
      )
    const [wrong] = validate(type.options, spec.options, ['options'], plainSource(spec.options))
    if (wrong) return notSaved('invalid_input', wrong.file, wrong.message)
    const masked = maskProblem(type.options, spec.options)
    if (masked) return masked
    // An enabled channel must be able to send; one that is being prepared may lack what it needs.
    const check = spec.enabled ? type.check?.(spec.options as never, environment) : undefined
    if (check) return notSaved('invalid_input', 'options', check)
    const zone = spec.timeZone === undefined ? undefined : zoneProblem(spec.timeZone)
    if (zone) return notSaved('invalid_input', 'time_zone', zone)
    const literal = forbiddenLiteral(spec)
    if (literal) return notSaved('invalid_input', 'options', literal)
    if (channels().some((other) => other.name === spec.name && other.id !== before?.id))
      return notSaved('name_taken', 'name', `another channel is called ${spec.name}`)
    // The file may have taken the fallback away since: that keeps nobody from changing the rest.
    if (spec.fallback?.to !== before?.fallback?.to) {
      const others = channels().filter(({ id }) => id !== before?.id)
      const wrong = fallbackProblem(spec, [...others, spec])
      if (wrong) return notSaved('invalid_input', 'fallback.to', wrong)
    }
    return undefined
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
  const rename = async (was: string, name: string, { monitors, channels: stored }: Repositories) => {
    for (const monitor of await monitors.list())
      if (monitor.channels.includes(was)) await monitors.replaceChannel(monitor.id, was, name, now())
    await stored.fallBackTo(was, name, now())
  }

  const store = async (spec: ChannelSpec, was?: string): Promise<Saved<Channel>> => {
    const { options } = channelTypes.get(spec.type)!
    const sealed = { ...spec, options: sealSecrets(options, spec.options, sealer()) }
    const id = await storage.transaction(async (repositories) => {
      if (was !== undefined && was !== spec.name) await rename(was, spec.name, repositories)
      return repositories.channels.save(sealed, now(), was)
    })
    await changed()
    return saved(byId(id)!)
  }

  return {
    create: async (spec) => problemOf(spec) ?? store(spec),
    update: async (id, change) => {
      const before = byId(id)
      if (!before) return notSaved('not_found', '', 'There is no such channel.')
      if (before.origin !== undefined)
        return notSaved('owned_by_file', '', `This channel is written in ${before.origin}.`)
      const { id: _, locked: __, ...spec } = before
      const { options: schema } = channelTypes.get(before.type)!
      const unread = before.locked ? lockedProblem(schema, change.options) : undefined
      if (unread) return unread
      const options = change.options ? keepSecrets(schema, change.options, before.options) : saved(before.options)
      if (!options.ok) return options
      const wanted = definedFields({ ...spec, ...change, options: options.value })
      return problemOf(wanted, before) ?? store(wanted, before.name)
    },
    remove: async (id, force = false) => {
      const channel = byId(id)
      if (!channel) return notSaved('not_found', '', 'There is no such channel.')
      if (channel.origin !== undefined)
        return notSaved('owned_by_file', '', `This channel is written in ${channel.origin}.`)
      const rules = (await storage.rules.list()).filter(({ channelIds }) => channelIds.includes(id))
      const monitors = (await storage.monitors.list()).filter((monitor) => monitor.channels.includes(channel.name))
      const falling = channels().filter(({ fallback }) => fallback?.to === channel.name)
      const using = [...rules, ...monitors, ...falling].map(({ name }) => name)
      if (using.length > 0 && !force) {
        const shown = using.slice(0, USES_SHOWN).join(', ') + (using.length > USES_SHOWN ? ', …' : '')
        return notSaved(
          'in_use',
          '',
          `Rules, monitors or channels send by it: ${shown}. Add ?force=true to take it out of them.`,
        )
      }
      await storage.transaction(async (repositories) => {
        for (const { id: ruleId, updatedBy, ...rule } of rules) {
          const channelIds = rule.channelIds.filter((one) => one !== id)
          await repositories.rules.update(ruleId, { ...rule, channelIds }, updatedBy ?? 'system', now())
        }
        for (const monitor of monitors)
          await repositories.monitors.replaceChannel(monitor.id, channel.name, undefined, now())
        await repositories.channels.fallBackTo(channel.name, undefined, now())
        await repositories.channels.remove(id, now())
      })
      await changed()
      return saved(undefined)
    },
    test: async (id) => {
      const channel = byId(id)
      if (!channel) return undefined
      const started = performance.now()
      const outcome = await sendTest(channel)
      return { outcome, durationMs: performance.now() - started }
    },
  }
}
