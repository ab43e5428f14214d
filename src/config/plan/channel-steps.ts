import type { Channel, ChannelSpec } from '#core/message/channel-spec.ts'
import type { Wanted } from '../wanted.ts'
import { channelEntryOf } from '../words/channel-words.ts'
import type { Present } from './present.ts'
import { sameWords } from './same-words.ts'
import { type Did, didByHand, leftOver, type Step, type Taking } from './step.ts'

/** `renames`: it takes over the place of one of another name. */
export type ChannelStep = Step<ChannelSpec, Channel> & { readonly renames?: boolean }

const saysSame = (before: Channel, spec: ChannelSpec): boolean =>
  before.origin !== undefined && sameWords(channelEntryOf(before), channelEntryOf(spec))

export const channelSteps = (
  wanted: Wanted['channels'],
  { channels, running }: Pick<Present, 'channels' | 'running'>,
  taking: Taking,
): ChannelStep[] => {
  const byName = new Map(channels.map((channel) => [channel.name, channel]))
  const known = new Map((running?.channels ?? []).map(({ name, options }) => [name, options]))
  const taken = new Set<number>()
  const didOf = (before: Channel | undefined, spec: ChannelSpec): Did => {
    if (taking.as === 'apply')
      return didByHand(before, () => {
        if (before!.origin !== undefined) return saysSame({ ...before!, options: {} }, { ...spec, options: {} })
        return !before!.locked && sameWords(channelEntryOf(before!), channelEntryOf(spec))
      })
    if (!before) return 'created'
    // Its options stay in the file: whether they are others than before is known where that is in force.
    const options = known.get(before.name) ?? spec.options
    return saysSame({ ...before, options }, spec) ? 'same' : 'changed'
  }
  const steps = wanted.map(({ was, ...spec }): ChannelStep => {
    const renames = was !== undefined && !byName.has(spec.name) && byName.has(was)
    const before = byName.get(renames ? was : spec.name)
    if (before) taken.add(before.id)
    const did = didOf(before, spec)
    return { did, name: spec.name, spec, ...(before && { before }), ...(renames && { renames }) }
  })
  const unnamed = channels.filter(({ id }) => !taken.has(id))
  return [...steps, ...leftOver(unnamed, taking)]
}

/** Names that channels had, by those that they get. */
export const renamedChannels = (steps: readonly ChannelStep[]): ReadonlyMap<string, string> =>
  new Map(steps.flatMap(({ renames, before, name }) => (renames && before ? [[before.name, name]] : [])))
