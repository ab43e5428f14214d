import type { PlanView } from '#api/v1/configuration-view.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { type AddCommand, CommandError, dataDir, printJson, printLines } from './command.ts'
import { addLooking, environmentOf, serverOf, type WhereFlags } from './configuration/flags.ts'
import { loadFile, planOnFolder } from './configuration/local.ts'
import { changesAnything, planLines } from './configuration/plan-lines.ts'
import { sendFile } from './configuration/remote.ts'
import { replayLines } from './configuration/replay-lines.ts'

export interface LookingFlags extends WhereFlags {
  readonly replay?: string
  readonly prune?: boolean
  readonly beside?: boolean
}

/** What says that there is something to do; 1 says that it could not be found out. */
const CHANGES = 2
/** What says that somebody would not have heard of an outage that was told. */
const HIDES = 3

const replayOf = ({ replay }: LookingFlags): number | undefined => {
  if (replay === undefined) return undefined
  const ms = parseDuration(replay)
  if (!ms) throw new CommandError(`--replay ${replay}: not a time; write for example 30d`, 1)
  return ms
}

export const planOf = async (file: string, flags: LookingFlags): Promise<PlanView> => {
  const environment = environmentOf(flags)
  const choice = { prune: flags.prune ?? false, beside: flags.beside ?? false }
  const server = serverOf(flags)
  const replayMs = replayOf(flags)
  if (server !== undefined) return sendFile(server, 'plan', file, environment, { ...choice, replay: flags.replay })
  return planOnFolder(dataDir(flags.data), await loadFile(file, environment), choice, replayMs)
}

export const addPlan: AddCommand = (program) => {
  addLooking(
    program
      .command('plan')
      .description(
        'show what a configuration file would change; exits 0: nothing, 2: something, 3: an outage would be hidden, 1: it cannot be said',
      )
      .argument('<file>', 'a configuration file')
      .option('--replay <time>', 'what it would have told over the stored results and events, as 30d'),
  ).action(async (file: string, flags: LookingFlags) => {
    const plan = await planOf(file, flags)
    if (flags.json) printJson(plan)
    else printLines([...planLines(plan), ...(plan.replay ? replayLines(plan.replay) : [])])
    if (plan.replay && plan.replay.hidden.length > 0) process.exitCode = HIDES
    else if (changesAnything(plan)) process.exitCode = CHANGES
  })
}
