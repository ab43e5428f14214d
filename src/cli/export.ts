import { exportText, onlyKinds, type ToldExport, toldExport } from '#config/export/export-text.ts'
import { fileSchema } from '#config/schema.ts'
import { type AddCommand, CommandError, dataDir, printJson } from './command.ts'
import { addWhere, serverOf, type WhereFlags } from './configuration/flags.ts'
import { exportOfFolder } from './configuration/local.ts'
import { askServer } from './configuration/remote.ts'

interface ExportFlags extends WhereFlags {
  readonly all?: boolean
  readonly kind?: readonly string[]
  readonly envTemplate?: boolean
}

const kindsOf = (kinds: readonly string[]): readonly string[] => {
  const known = Object.keys(fileSchema.properties)
  const named = kinds.flatMap((one) => one.split(','))
  const wrong = named.find((one) => !known.includes(one))
  if (wrong !== undefined) throw new CommandError(`--kind ${wrong}: not known; there are ${known.join(', ')}`)
  return named
}

const exported = async (flags: ExportFlags): Promise<ToldExport> => {
  const server = serverOf(flags)
  const whole =
    server === undefined
      ? toldExport(await exportOfFolder(dataDir(flags.data)))
      : await askServer<ToldExport>(server, 'configuration/export')
  return flags.kind ? onlyKinds(whole, kindsOf(flags.kind)) : whole
}

export const addExport: AddCommand = (program) => {
  addWhere(
    program.command('export').description('write the whole configuration as a file that "vigia apply" takes back'),
  )
    .option('--all', 'all of it, as without --kind')
    .option('--kind <key...>', 'only these top keys, such as monitors channels')
    .option('--env-template', 'write only the names of its secrets, for .env or --env, to be filled in')
    .action(async (flags: ExportFlags) => {
      const told = await exported(flags)
      if (flags.envTemplate) process.stdout.write(told.names.map((name) => `${name}=\n`).join(''))
      else if (flags.json) printJson(told.content)
      else process.stdout.write(exportText(told))
    })
}
