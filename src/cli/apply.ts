import { createInterface } from 'node:readline/promises'
import type { PlanView } from '#api/v1/configuration-view.ts'
import { type AddCommand, CommandError, dataDir, printJson, printLines } from './command.ts'
import { addLooking, environmentOf, serverOf } from './configuration/flags.ts'
import { applyOnFolder, loadFile } from './configuration/local.ts'
import { changesAnything, planLines } from './configuration/plan-lines.ts'
import { sendFile } from './configuration/remote.ts'
import { type LookingFlags, planOf } from './plan.ts'

interface ApplyFlags extends LookingFlags {
  readonly yes?: boolean
}

const confirmed = async (): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^(y|yes|s|si|sí)$/i.test((await terminal.question('Do it? [y/N] ')).trim())
  } finally {
    terminal.close()
  }
}

const applied = async (file: string, flags: ApplyFlags): Promise<PlanView> => {
  const environment = environmentOf(flags)
  const choice = { prune: flags.prune ?? false, beside: flags.beside ?? false }
  const server = serverOf(flags)
  if (server !== undefined) return sendFile(server, 'apply', file, environment, choice)
  return applyOnFolder(dataDir(flags.data), await loadFile(file, environment), choice)
}

export const addApply: AddCommand = (program) => {
  addLooking(
    program
      .command('apply')
      .description('do what a configuration file says, all or nothing, as if it were done by hand')
      .argument('<file>', 'a configuration file'),
  )
    .option('--yes', 'on a terminal: do not ask')
    .action(async (file: string, flags: ApplyFlags) => {
      if (process.stdin.isTTY && process.stdout.isTTY && !flags.yes && !flags.json) {
        const plan = await planOf(file, flags)
        printLines(planLines(plan))
        if (plan.as === 'apply' && !changesAnything(plan)) return
        if (plan.as === 'apply' && !(await confirmed())) throw new CommandError('nothing was changed', 1)
      }
      const done = await applied(file, flags)
      if (flags.json) printJson(done)
      else printLines(planLines(done))
    })
}
