import type { DutyList, DutyPerson } from '#core/duty/duty.ts'
import type { Channel } from '#core/message/channel-spec.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { WrittenRule } from '#core/rule/rule-spec.ts'
import { SERVER_SETTINGS, type ServerSettings } from '#core/server-settings.ts'
import type { Repositories } from '#storage/index.ts'
import type { MaintenancePlan } from '#storage/maintenance-plans.ts'
import { storedSettings } from '#storage/server-settings.ts'
import type { Silence } from '#storage/silences.ts'
import type { Wanted } from '../wanted.ts'

/** What there is at a moment, beside which a file is looked at. */
export interface Present {
  readonly channels: readonly Channel[]
  readonly monitors: readonly Monitor[]
  readonly rules: readonly WrittenRule[]
  /** Those that are not over. */
  readonly silences: readonly Silence[]
  readonly plans: readonly MaintenancePlan[]
  /** Made by hand; those of a file are not stored. */
  readonly people: readonly DutyPerson[]
  readonly lists: readonly DutyList[]
  readonly settings: ServerSettings
  /** What the server's own file says at this moment; undefined where there is none, or no server runs. */
  readonly running?: Wanted | undefined
  /** Names of settings that it holds. */
  readonly held?: ReadonlySet<string>
}

/** The secrets of a stored thing made readable. */
export interface Opening {
  channel(channel: Channel): Channel
  monitor(monitor: Monitor): Monitor
}

/** Nothing is opened: for who does not compare secrets. */
export const UNOPENED: Opening = { channel: (one) => one, monitor: (one) => one }

export const readPresent = async (
  { channels, monitors, rules, silences, maintenancePlans, duty, settings }: Repositories,
  now: number,
  opening: Opening,
  running?: Wanted,
): Promise<Present> => ({
  channels: (await channels.list()).map(opening.channel),
  monitors: (await monitors.list()).map(opening.monitor),
  rules: await rules.list(),
  silences: await silences.current(now),
  plans: await maintenancePlans.list(),
  people: await duty.people(),
  lists: await duty.lists(),
  settings: await storedSettings(settings),
  running,
})

/** A store in which there is nothing yet. */
export const NOTHING_PRESENT: Present = {
  channels: [],
  monitors: [],
  rules: [],
  silences: [],
  plans: [],
  people: [],
  lists: [],
  settings: SERVER_SETTINGS,
}

/** Whether the server runs from a file of its own: something that is there belongs to one. */
export const hasOwnFile = ({ channels, monitors, rules, plans, silences, running }: Present): boolean =>
  [channels, monitors, rules, plans, silences].some((all) =>
    (all as readonly { readonly origin?: string }[]).some(({ origin }) => origin !== undefined),
  ) || [...(running?.channels ?? []), ...(running?.monitors ?? [])].length > 0
