import type { ProbeType } from '#core/probe.ts'
import type { ServerSettings } from '#core/server-settings.ts'
import type { Wanted } from '../wanted.ts'
import { type ChannelStep, channelSteps, renamedChannels } from './channel-steps.ts'
import { dutySteps, type ListStep, type PersonStep } from './duty-steps.ts'
import { type MonitorStep, monitorSteps } from './monitor-steps.ts'
import type { Present } from './present.ts'
import { type PlanStep, planSteps, type SilenceStep, silenceSteps } from './quiet-steps.ts'
import { type RuleStep, ruleSteps } from './rule-steps.ts'
import { sameWords } from './same-words.ts'
import type { Step, Taking } from './step.ts'

export type SettingStep = Step<unknown, { readonly name: string; readonly value: unknown }>

/** All that a file would do beside what there is: the same is shown as a plan and carried out. */
export interface Steps {
  readonly taking: Taking
  readonly channels: readonly ChannelStep[]
  readonly monitors: readonly MonitorStep[]
  readonly rules: readonly RuleStep[]
  readonly silences: readonly SilenceStep[]
  readonly plans: readonly PlanStep[]
  readonly people: readonly PersonStep[]
  readonly lists: readonly ListStep[]
  readonly settings: readonly SettingStep[]
}

const settingSteps = (
  wanted: Partial<ServerSettings>,
  { settings, held }: Pick<Present, 'settings' | 'held'>,
  { as }: Taking,
): SettingStep[] =>
  Object.entries(wanted).map(([name, spec]) => {
    const value = settings[name as keyof ServerSettings]
    const differs = as === 'apply' && held?.has(name) ? 'kept' : 'changed'
    return { did: sameWords(value, spec) ? 'same' : differs, name, spec, before: { name, value } }
  })

export const stepsOf = (
  wanted: Wanted,
  present: Present,
  taking: Taking,
  { probeTypes, now }: { readonly probeTypes: ReadonlyMap<string, ProbeType>; readonly now: number },
): Steps => {
  const channels = channelSteps(wanted.channels, present, taking)
  const renamed = renamedChannels(channels)
  const names = new Map(present.channels.map(({ id, name }) => [id, renamed.get(name) ?? name]))
  const channelName = (id: number) => names.get(id)
  return {
    taking,
    channels,
    monitors: monitorSteps(wanted.monitors, present, taking, probeTypes),
    rules: ruleSteps(wanted.rules ?? [], present, taking, channelName),
    silences: silenceSteps(wanted.silences ?? [], present, taking, now),
    plans: planSteps(wanted.maintenance ?? [], present, taking, channelName),
    ...dutySteps(wanted.duty, present, taking),
    settings: settingSteps(wanted.settings ?? {}, present, taking),
  }
}
