import { randomBytes } from 'node:crypto'
import { ROLES, type Role } from '#core/who/role.ts'
import { iso } from '#lib/time/iso.ts'
import { accountsOf } from './accounts-of.ts'
import { type AddCommand, BY_COMMAND, CommandError, dataDir, printJson, printLines, roleOption } from './command.ts'
import { withStorage } from './with-storage.ts'

interface PasswordFlags {
  readonly data?: string
  readonly passwordStdin?: boolean
}

const readPassword = async (): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/** The password of the flags, else a new one, which is then all that stdout gets. */
const passwordOf = async ({ passwordStdin }: PasswordFlags): Promise<{ password: string; made: boolean }> =>
  passwordStdin
    ? { password: await readPassword(), made: false }
    : { password: randomBytes(15).toString('base64url'), made: true }

const tell = (message: string, { password, made }: { password: string; made: boolean }) => {
  process.stderr.write(`${message}${made ? ' Its password:' : ''}\n`)
  if (made) process.stdout.write(`${password}\n`)
}

export const addUser: AddCommand = (program) => {
  const user = program.command('user').description('create, list and reset accounts')

  user
    .command('create')
    .description('create an account; prints a password unless one is given')
    .argument('<name>', 'its name')
    .requiredOption('--role <role>', ROLES.join(', '))
    .option('--password-stdin', 'read the password from stdin')
    .option('--data <folder>', 'data folder')
    .action(async (name: string, flags: PasswordFlags & { role: string }) => {
      const role: Role = roleOption(flags.role)
      const given = await passwordOf(flags)
      await withStorage(dataDir(flags.data), async (storage) => {
        const created = await accountsOf(storage).createUser(BY_COMMAND, { name, password: given.password, role })
        if (!created.ok) throw new CommandError(created.problem.message, created.problem.code === 'name_taken' ? 1 : 2)
        tell(`Created ${name} as ${role}.`, given)
      })
    })

  user
    .command('list')
    .description('list the accounts')
    .option('--json', 'print one JSON array')
    .option('--data <folder>', 'data folder')
    .action((flags: { data?: string; json?: boolean }) =>
      withStorage(dataDir(flags.data), async ({ users }) => {
        const rows = (await users.list()).map(({ id, name, role, enabled, totpSecret, createdAt }) => ({
          id,
          name,
          role,
          enabled,
          totp: totpSecret !== null,
          created_at: iso(createdAt),
        }))
        if (flags.json) return printJson(rows)
        const line = (row: (typeof rows)[number]) =>
          `${String(row.id).padStart(4)}  ${row.role.padEnd(13)} ${row.enabled ? '' : '(disabled) '}${row.name}${row.totp ? '  second factor' : ''}`
        printLines(rows.length === 0 ? ['There is no account yet.'] : rows.map(line))
      }),
    )

  user
    .command('reset')
    .description('give an account a new password, take its second factor away, enable it, end its sessions')
    .argument('<name>', 'its name')
    .option('--password-stdin', 'read the password from stdin')
    .option('--data <folder>', 'data folder')
    .action(async (name: string, flags: PasswordFlags) => {
      const given = await passwordOf(flags)
      await withStorage(dataDir(flags.data), async (storage) => {
        const found = await storage.users.byName(name)
        if (!found) throw new CommandError(`there is no account of the name ${name}; see: vigia user list`, 1)
        const edit = { password: given.password, totp: false, enabled: true } as const
        const changed = await accountsOf(storage).changeUser(BY_COMMAND, found.id, edit)
        if (!changed.ok) throw new CommandError(changed.problem.message)
        tell(`Reset ${found.name}.`, given)
      })
    })
}
