import type { PlanView } from '#api/v1/configuration-view.ts'
import { type AddCommand, dataDir, printJson, printLines } from './command.ts'
import { addLooking, environmentOf, serverOf, type WhereFlags } from './configuration/flags.ts'
import { loadFile, planOnFolder } from './configuration/local.ts'
import { changesAnything, planLines } from './configuration/plan-lines.ts'
import { sendFile } from './configuration/remote.ts'

export interface LookingFlags extends WhereFlags {
  readonly prune?: boolean
  readonly beside?: boolean
}

/** What says that there is something to do; 1 says that it could not be found out. */
const CHANGES = 2

export const planOf = async (file: string, flags: LookingFlags): Promise<PlanView> => {
  const environment = environmentOf(flags)
  const choice = { prune: flags.prune ?? false, beside: flags.beside ?? false }
  const server = serverOf(flags)
  if (server !== undefined) return sendFile(server, 'plan', file, environment, choice)
  return planOnFolder(dataDir(flags.data), await loadFile(file, environment), choice)
}

export const addPlan: AddCommand = (program) => {
  addLooking(
    program
      .command('plan')
      .description('show what a configuration file would change; exits 0: nothing, 2: something, 1: it cannot be said')
      .argument('<file>', 'a configuration file'),
  ).action(async (file: string, flags: LookingFlags) => {
    const plan = await planOf(file, flags)
    if (flags.json) printJson(plan)
    else printLines(planLines(plan))
    if (changesAnything(plan)) process.exitCode = CHANGES
  })
}
