import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { type AddCommand, CommandError, printLines } from './command.ts'
import { BAN_SOCKET } from './service/ban-units.ts'
import { SERVICE_PATHS, type ServiceOptions, serviceFiles } from './service/files.ts'
import { foreignFiles, unreachable } from './service/look.ts'
import { accountOf, giveFolder, runTool, writeFiles } from './service/machine.ts'

interface InstallFlags {
  readonly user: string
  readonly configuration: string
  readonly data: string
  readonly logGroup: readonly string[]
  readonly bans?: boolean
  readonly print?: boolean
}

const UNIT = 'vigia.service'

/** This very Node and program: a service starts what was tried, whatever else the machine has. */
const ownCommand = (): readonly string[] => [
  realpathSync(process.execPath),
  '--v8-pool-size=1',
  realpathSync(process.argv[1] ?? ''),
]

/** Debian's name of who may read logs; elsewhere the journal's readers are called otherwise. */
const usualLogGroups = (): readonly string[] => (/^adm:/m.test(readFileSync('/etc/group', 'utf8')) ? ['adm'] : [])

const optionsOf = ({ user, configuration, data, logGroup, bans = false }: InstallFlags): ServiceOptions => {
  if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(user)) throw new CommandError(`--user ${user}: not a name of an account`)
  return {
    command: ownCommand(),
    user,
    configuration: resolve(configuration),
    data: resolve(data),
    logGroups: logGroup.length > 0 ? logGroup : usualLogGroups(),
    bans,
  }
}

const wantSystemd = (): void => {
  if (!existsSync('/run/systemd/system'))
    throw new CommandError(
      'systemd does not run here: start "vigia serve" by what this machine starts its services with',
      1,
    )
  if (process.getuid?.() !== 0)
    throw new CommandError('only root may install a service: write sudo before it, or look at it with --print', 1)
}

const wantRoom = ({ command, data, configuration }: ServiceOptions): void => {
  const closed = unreachable([command[0]!, command.at(-1)!])
  if (closed)
    throw new CommandError(
      `${closed}. Install Vigía where every account may read it: npm install --prefix /opt/vigia PACKAGE`,
      1,
    )
  const hidden = unreachable([data, configuration])
  if (hidden) throw new CommandError(`${hidden}. Name another folder with --data or --configuration`, 1)
  const [foreign] = foreignFiles([...SERVICE_PATHS, `/lib/systemd/system/${UNIT}`])
  if (foreign)
    throw new CommandError(
      `${foreign} is there and was not written by this command: a package or somebody else keeps it`,
      1,
    )
}

const install = async (flags: InstallFlags): Promise<void> => {
  const options = optionsOf(flags)
  const files = serviceFiles(options)
  if (flags.print) return printLines(files.flatMap(({ path, text }) => [`# ${path}`, ...text.split('\n')]))
  wantSystemd()
  wantRoom(options)
  writeFiles(files)
  const account = await accountOf(options.user)
  const { configuration, data, bans } = options
  mkdirSync(configuration, { recursive: true })
  // Its file may hold passwords: the service reads it and nobody else, and only root writes it.
  chownSync(configuration, 0, account.gid)
  chmodSync(configuration, 0o750)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  giveFolder(data, account)
  await runTool('sysctl', '-q', '-p', '/etc/sysctl.d/60-vigia.conf').catch(() => {})
  await runTool('systemctl', 'daemon-reload')
  if (bans) await runTool('systemctl', 'enable', '--now', 'vigia-bans.socket')
  await runTool('systemctl', 'enable', UNIT)
  await runTool('systemctl', 'restart', UNIT)
  printLines([
    `Vigía runs as ${options.user}, and starts with this machine.`,
    `Configuration: ${configuration}/vigia.yaml (may be missing), secrets for it: ${configuration}/vigia.env. Data: ${data}`,
    ...(bans ? [`Bans by the helper: sources.fail2ban.client: unix:${BAN_SOCKET}`] : []),
    'The link for the first visit and all it says: journalctl -u vigia',
    'How it goes: systemctl status vigia. After a change of the file nothing need be done: it is read by itself.',
  ])
}

const uninstall = async (): Promise<void> => {
  wantSystemd()
  const [foreign] = foreignFiles(SERVICE_PATHS)
  if (foreign) throw new CommandError(`${foreign} was not written by this command: remove it with what brought it`, 1)
  const present = SERVICE_PATHS.filter((path) => existsSync(path))
  if (present.length === 0) throw new CommandError('no service was installed by this command', 1)
  for (const unit of ['vigia-bans.socket', UNIT])
    if (present.some((path) => path.endsWith(unit))) await runTool('systemctl', 'disable', '--now', unit)
  for (const path of present) rmSync(path, { force: true })
  await runTool('systemctl', 'daemon-reload')
  printLines(['The service is gone. Its data, its configuration and its account are as they were.'])
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

export const addService: AddCommand = (program) => {
  const service = program.command('service').description('run the server as a service of this machine, by systemd')
  service
    .command('install')
    .description('install or renew the service, and start it')
    .option('--user <name>', 'account that it runs as, made where it is not there', 'vigia')
    .option('--configuration <folder>', 'folder of vigia.yaml and vigia.env', '/etc/vigia')
    .option('--data <folder>', 'data folder', '/var/lib/vigia')
    .option(
      '--log-group <name>',
      'group that may read logs which are followed; once for each (default: adm, if there is one)',
      collect,
      [],
    )
    .option('--bans', 'also a helper by which it may ban with fail2ban')
    .option('--print', 'print what would be written, and change nothing')
    .action(install)
  service.command('uninstall').description('remove the service; what it knows stays').action(uninstall)
}
