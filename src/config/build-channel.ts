import { deliveryOf } from '#core/message/channel-entry.ts'
import type { ChannelSpec } from '#core/message/channel-spec.ts'
import type { JsonObject } from '#lib/json.ts'
import { problemSaid } from '#templates/said.ts'
import { type BuildDeps, checkZone, unknownType } from './build-deps.ts'
import type { ChannelEntry } from './channel-schema.ts'
import type { Path } from './source.ts'
import { validate } from './validate.ts'

/** A channel of the file, with the name that it had before. */
export type WantedChannel = ChannelSpec & { readonly was?: string }

/** A channel of the file; undefined when something is wrong with it, which is then among the problems. */
export const buildChannel = (entry: ChannelEntry, path: Path, deps: BuildDeps): WantedChannel | undefined => {
  const { source, channelTypes, problems, environment } = deps
  const type = channelTypes.get(entry.type)
  if (!type) {
    problems.push(source.problem([...path, 'type'], unknownType('channel', entry.type, [...channelTypes.keys()])))
    return undefined
  }
  const options = (entry.options ?? {}) as JsonObject
  const wrong = validate(type.options, options, [...path, 'options'], source)
  problems.push(...wrong)
  if (wrong.length > 0) return undefined
  // One that is being prepared may lack what it needs to send, as one by hand may.
  const problem = entry.enabled === false ? undefined : type.check?.(options as never, environment)
  const said = problem && problemSaid(problem)
  if (said) problems.push(source.problem([...path, 'options'], said.message, undefined, said))
  checkZone(entry.time_zone, [...path, 'time_zone'], deps)
  const [count, per] = entry.rate_limit?.split(' per ') ?? []
  const rateLimit = per === undefined ? undefined : { count: Number(count), per }
  return {
    name: entry.name,
    type: entry.type,
    options,
    enabled: entry.enabled ?? true,
    ...(entry.description && { description: entry.description }),
    ...(entry.was && { was: entry.was }),
    origin: source.origin(path),
    ...deliveryOf({ ...entry, rate_limit: rateLimit }),
  }
}
