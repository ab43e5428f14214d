import { because, type Cause } from '#core/cause/cause.ts'
import type { ChannelType } from '#core/channel.ts'
import type { ProbeType } from '#core/probe.ts'
import type { Result } from '#lib/result.ts'
import { rightWord } from './right-name.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'
import { zoneProblem } from './zone.ts'

export type ParseTarget = (
  text: string,
) => Result<{ readonly type: string; readonly options: Record<string, unknown> }, Cause>

/** What entries of the file are built with; what is wrong with them goes to `problems`. */
export interface BuildDeps {
  readonly source: ConfigSource
  readonly environment: NodeJS.ProcessEnv
  readonly probeTypes: ReadonlyMap<string, ProbeType>
  readonly channelTypes: ReadonlyMap<string, ChannelType>
  readonly parseTarget: ParseTarget
  readonly problems: ConfigProblem[]
}

/** That a type is not known, with what was probably meant. */
export const unknownType = (kind: 'probe' | 'channel', type: string, known: readonly string[]): Cause =>
  because('config_type_unknown', { kind: because(`kind_${kind}`), type, right: rightWord(type, known) })

export const checkZone = (zone: string | undefined, path: Path, { source, problems }: BuildDeps): void => {
  const problem = zone === undefined ? undefined : zoneProblem(zone)
  if (problem) problems.push(source.problem(path, because('in_field', { field: 'time_zone', why: problem })))
}
