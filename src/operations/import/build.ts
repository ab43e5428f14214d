import type { ChannelEntry } from '#config/channel-schema.ts'
import { channel as channelSchema } from '#config/channel-schema.ts'
import { plainSource } from '#config/plain-source.ts'
import { buildMaintenance, type WantedMaintenance } from '#config/quiets.ts'
import { maintenance as maintenanceSchema } from '#config/quiets-schema.ts'
import type { FileContent } from '#config/schema.ts'
import type { ConfigProblem } from '#config/source.ts'
import { validate } from '#config/validate.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import type { ChannelType } from '#core/channel.ts'
import { deliveryOf } from '#core/message/channel-entry.ts'
import type { ChannelSpec } from '#core/message/channel-spec.ts'
import { compileConditions } from '#core/rule/condition.ts'
import { newRuleSchema, ruleChangeOf, ruleOf } from '#core/rule/rule-entry.ts'
import type { RuleSpec } from '#core/rule/rule-spec.ts'
import type { RuleEntry, WindowEntry } from '#importers/import-plan.ts'
import type { JsonObject } from '#lib/json.ts'
import { parseAddress } from '#lib/net/cidr.ts'
import { channelPolicy, forbiddenReason } from '#lib/net/forbidden-address.ts'
import { hostsIn } from '#lib/net/hosts-in.ts'
import type { TSchema } from '#lib/schema.ts'
import { conditionSaid, problemSaid } from '#templates/said.ts'

/** Things that stand in no file, from entries as a file would have them: built, or why not. */

type Built<Value> = ({ readonly ok: true } & Value) | { readonly ok: false; readonly why: Cause }

const refused = (field: string, why: string): { readonly ok: false; readonly why: Cause } => ({
  ok: false,
  why: because('import_not_accepted', { field, why }),
})

const shapeProblem = (schema: TSchema, value: unknown, path: readonly string[] = []) => {
  const [wrong] = validate(schema, value, [...path], plainSource(value))
  return wrong && refused(wrong.file, wrong.message)
}

/** An address of a channel to which one that no file names may not send. */
const localHost = (
  type: ChannelType,
  options: JsonObject,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined =>
  [...hostsIn(options), ...(type.hosts?.(options as never, environment) ?? [])].find(
    (host) =>
      host === 'localhost' || (parseAddress(host) !== undefined && forbiddenReason(host, channelPolicy) !== undefined),
  )

/** A channel; one that lacks what it needs to send comes in disabled. */
export const channelFrom = (
  entry: ChannelEntry,
  deps: {
    readonly channelTypes: ReadonlyMap<string, ChannelType>
    readonly environment: Readonly<Record<string, string | undefined>>
  },
): Built<{ readonly spec: ChannelSpec; readonly notes: readonly Cause[] }> => {
  const type = deps.channelTypes.get(entry.type)
  if (!type) return { ok: false, why: because('import_channel_unknown', { kind: entry.type }) }
  const options = (entry.options ?? {}) as JsonObject
  const wrong = shapeProblem(channelSchema, entry) ?? shapeProblem(type.options, options, ['options'])
  if (wrong) return wrong
  const fault = type.check?.(options as never, deps.environment)
  const local = localHost(type, options, deps.environment)
  const off = fault ? [because('import_channel_off', { why: problemSaid(fault).message })] : []
  const notes = [...off, ...(local === undefined ? [] : [because('import_channel_local', { address: local })])]
  const [count, per] = entry.rate_limit?.split(' per ') ?? []
  const rateLimit = per === undefined ? undefined : { count: Number(count), per }
  const enabled = (entry.enabled ?? true) && !fault
  const spec = {
    name: entry.name,
    type: entry.type,
    options,
    enabled,
    ...deliveryOf({ ...entry, rate_limit: rateLimit }),
  }
  return { ok: true, spec, notes }
}

export const ruleFrom = (
  entry: Omit<RuleEntry, 'channels'>,
): Built<{ readonly spec: Omit<RuleSpec, 'channelIds'> }> => {
  const wrong = shapeProblem(newRuleSchema, entry)
  if (wrong) return wrong
  const { name, type } = entry as RuleEntry
  const conditions = compileConditions((entry.conditions ?? {}) as never)
  if (!conditions.ok) return refused(`conditions.${conditions.path}`, conditionSaid(conditions).message)
  const read = ruleChangeOf(entry as never, [])
  if ('path' in read) return refused(read.path, read.message)
  const { channelIds: _, ...spec } = ruleOf({ ...read.change, name, type })
  return { ok: true, spec }
}

export type BuiltWindow = Omit<WantedMaintenance, 'origin' | 'tell'>

export const windowFrom = (entry: WindowEntry, timeZone: string): Built<{ readonly spec: BuiltWindow }> => {
  const wrong = shapeProblem(maintenanceSchema, entry)
  if (wrong) return wrong
  const problems: ConfigProblem[] = []
  const source = plainSource({ maintenance: [entry] })
  const [built] = buildMaintenance({ maintenance: [entry] } as unknown as FileContent, { source, problems, timeZone })
  if (problems.length > 0 || !built) return refused(problems[0]?.file ?? '', problems[0]?.message ?? '')
  const { origin: _, tell: __, ...spec } = built
  return { ok: true, spec }
}
