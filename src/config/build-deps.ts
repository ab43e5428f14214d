import type { ChannelType } from '#core/channel.ts'
import type { ProbeType } from '#core/probe.ts'
import { nearest } from '#lib/text/nearest.ts'
import type { ConfigProblem, ConfigSource, Path } from './source.ts'
import { zoneProblem } from './zone.ts'

export type ParseTarget = (
  text: string,
) => { readonly type: string; readonly options: Record<string, unknown> } | { readonly error: string }

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
export const unknownType = (what: string, type: string, known: readonly string[]): string => {
  const meant = nearest(type, known)
  return `type: ${what} type ${type} is not known, ${meant ? `did you mean ${meant}?` : `known are: ${known.join(', ')}`}`
}

export const checkZone = (zone: string | undefined, path: Path, { source, problems }: BuildDeps): void => {
  const problem = zone === undefined ? undefined : zoneProblem(zone)
  if (problem) problems.push(source.problem(path, `time_zone: ${problem}`))
}
