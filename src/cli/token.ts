import { tokenView } from '#api/access/token-view.ts'
import { ROLES } from '#core/who/role.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { accountsOf } from './accounts-of.ts'
import { type AddCommand, BY_COMMAND, CommandError, dataDir, printJson, printLines, roleOption } from './command.ts'
import { withStorage } from './with-storage.ts'

const line = (one: ReturnType<typeof tokenView>): string => {
  const end = one.revoked_at ? `revoked ${one.revoked_at}` : one.expires_at ? `until ${one.expires_at}` : ''
  const use = one.last_used_at ? `used ${one.last_used_at}` : 'never used'
  return `${String(one.id).padStart(4)}  ${one.role.padEnd(13)} ${one.prefix}…  ${one.name}  ${use}  ${end}`.trimEnd()
}

const lastsMs = (text: string): number => {
  const ms = parseDuration(text)
  if (!ms) throw new CommandError(`--expires ${text}: not a time; write for example 90d`)
  return ms
}

export const addToken: AddCommand = (program) => {
  const token = program.command('token').description('make, list and revoke tokens for programs')

  token
    .command('create')
    .description('make a token and print it alone on stdout; it is shown only here')
    .requiredOption('--role <role>', ROLES.join(', '))
    .option('--name <name>', 'what it is for', 'command line')
    .option('--expires <time>', 'after which time it ends, as 90d')
    .option('--data <folder>', 'data folder')
    .action(async (flags: { role: string; name: string; expires?: string; data?: string }) => {
      const role = roleOption(flags.role)
      const lasts = flags.expires === undefined ? undefined : lastsMs(flags.expires)
      await withStorage(dataDir(flags.data), async (storage) => {
        const wanted = { name: flags.name, role, lastsMs: lasts ?? null }
        const made = await accountsOf(storage).createToken(BY_COMMAND, wanted)
        process.stdout.write(`${made.token}\n`)
      })
    })

  token
    .command('list')
    .description('list the tokens, the revoked ones too')
    .option('--json', 'print one JSON array')
    .option('--data <folder>', 'data folder')
    .action((flags: { data?: string; json?: boolean }) =>
      withStorage(dataDir(flags.data), async ({ tokens }) => {
        const rows = (await tokens.list()).map(tokenView)
        if (flags.json) return printJson(rows)
        printLines(rows.length === 0 ? ['There is no token yet.'] : rows.map(line))
      }),
    )

  token
    .command('revoke')
    .description('end a token; a running server refuses it within 10 seconds')
    .argument('<id>', 'its number')
    .option('--data <folder>', 'data folder')
    .action((id: string, flags: { data?: string }) =>
      withStorage(dataDir(flags.data), async (storage) => {
        const number = /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0
        const revoked = await accountsOf(storage).revokeToken(BY_COMMAND, number)
        if (!revoked.ok)
          throw new CommandError(`there is no token ${id}, or it is revoked already; see: vigia token list`, 1)
        console.log(`Token ${id} is revoked; a running server refuses it within 10 seconds.`)
      }),
    )
}
