import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { type AddCommand, CommandError } from './command.ts'
import { languageOf } from './language.ts'
import { hearStandardStreams } from './standard-streams.ts'

interface KnownCommand {
  readonly about: string
  readonly load: () => Promise<AddCommand>
  /** How it ends when it is called wrongly, where 2 says something else; absent: 2. */
  readonly errors?: 1
}

/** Every command, loaded when it is called: what a command does not need costs it nothing at the start. */
const commands: Readonly<Record<string, KnownCommand>> = {
  serve: { about: 'run the server: watch, decide, tell', load: async () => (await import('./serve.ts')).addServe },
  watch: {
    about: 'watch a few targets from the command line, without a file',
    load: async () => (await import('./watch.ts')).addWatch,
  },
  check: { about: 'probe a target once and show every step', load: async () => (await import('./check.ts')).addCheck },
  import: {
    about: 'bring along what another tool watches',
    load: async () => (await import('./import.ts')).addImport,
  },
  plan: {
    about: 'show what a configuration file would change',
    load: async () => (await import('./plan.ts')).addPlan,
    errors: 1,
  },
  apply: {
    about: 'do what a configuration file says',
    load: async () => (await import('./apply.ts')).addApply,
    errors: 1,
  },
  export: {
    about: 'write the whole configuration as a file',
    load: async () => (await import('./export.ts')).addExport,
  },
  schema: {
    about: 'print the JSON Schema of the configuration file',
    load: async () => (await import('./schema.ts')).addSchema,
  },
  'send-test': {
    about: 'send one test message by a channel and show each step',
    load: async () => (await import('./send-test.ts')).addSendTest,
  },
  outbox: {
    about: 'list the notifications that wait, are held back or have failed',
    load: async () => (await import('./outbox.ts')).addOutbox,
  },
  explain: {
    about: 'say why an event was told of, or was not',
    load: async () => (await import('./explain.ts')).addExplain,
  },
  user: { about: 'create, list and reset accounts', load: async () => (await import('./user.ts')).addUser },
  tables: {
    about: 'tables that the server reads again and again: where they stand, and a yes to one that lost rows',
    load: async () => (await import('./tables.ts')).addTables,
  },
  token: {
    about: 'make, list and revoke tokens for programs',
    load: async () => (await import('./token.ts')).addToken,
  },
  'push-url': {
    about: 'show the addresses that push monitors are called at',
    load: async () => (await import('./push-url.ts')).addPushUrl,
  },
  backup: {
    about: 'copy the databases to a folder, also while the server runs',
    load: async () => (await import('./backup.ts')).addBackup,
  },
  restore: {
    about: 'put a backup in the place of the databases',
    load: async () => (await import('./backup.ts')).addRestore,
  },
  'new-key': {
    about: 'begin with a new key where the one that sealed the secrets is lost',
    load: async () => (await import('./new-key.ts')).addNewKey,
  },
  exporter: {
    about: 'count the TCP connections of ports and serve them to Prometheus',
    load: async () => (await import('./exporter.ts')).addExporter,
  },
  replay: {
    about: 'run the detectors over stored logs and show what they find',
    load: async () => (await import('./replay.ts')).addReplay,
  },
  ml: {
    about: 'train, judge and use the classifier of connections',
    load: async () => (await import('./ml.ts')).addMl,
  },
  'suggest-parents': {
    about: 'propose what monitors are reached through, from what was seen',
    load: async () => (await import('./suggest-parents.ts')).addSuggestParents,
  },
  doctor: {
    about: 'look at what this machine offers for probing, and say what to do',
    load: async () => (await import('./doctor.ts')).addDoctor,
  },
  service: {
    about: 'run the server as a service of this machine, by systemd',
    load: async () => (await import('./service.ts')).addService,
  },
  'ban-helper': {
    about: 'answer one question about bans, for a server that may not ask fail2ban itself',
    load: async () => (await import('./ban-helper.ts')).addBanHelper,
  },
  demo: {
    about: 'break and repair a target on this machine and show the messages',
    load: async () => (await import('./demo.ts')).addDemo,
  },
}

hearStandardStreams()
const program = new Command('vigia')
  .description('Watches a network and tells people what matters.')
  .version(packageJson.version)
  .showHelpAfterError('(vigia --help lists the commands)')
  .exitOverride()

/** What a command ends with; words that it may not need are read here. */
const saidBy = async ({ message, why, language = languageOf(process.env) }: CommandError): Promise<string> => {
  if (why === undefined) return message
  const { inEnglish, inSpanish } = await import('#templates/said.ts')
  return language === 'es' ? inSpanish(why) : inEnglish(why)
}

const fail = async (error: unknown) => {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? 0 : (commands[process.argv[2] ?? '']?.errors ?? 2)
  else if (error instanceof CommandError) {
    process.exitCode = error.exitCode
    process.stderr.write(`vigia: ${await saidBy(error)}\n`)
  } else throw error
}

const run = async () => {
  const named = commands[process.argv[2] ?? '']
  if (named) (await named.load())(program)
  else for (const [name, { about }] of Object.entries(commands)) program.command(name).description(about)
  await program.parseAsync()
}

run().catch(fail)
