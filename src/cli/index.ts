import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { addBackup } from './backup.ts'
import { addCheck } from './check.ts'
import { type AddCommand, CommandError } from './command.ts'
import { addOutbox } from './outbox.ts'
import { addSendTest } from './send-test.ts'
import { addServe } from './serve.ts'
import { addWatch } from './watch.ts'

/** Every command. The demonstration is loaded on demand: it brings servers of its own. */
const commands: readonly AddCommand[] = [addServe, addWatch, addCheck, addSendTest, addOutbox, addBackup]

const program = new Command('vigia')
  .description('Watches a network and tells people what matters.')
  .version(packageJson.version)
  .showHelpAfterError('(vigia --help lists the commands)')
  .exitOverride()

for (const add of commands) add(program)
if (process.argv[2] === 'demo') (await import('./demo.ts')).addDemo(program)
else program.command('demo').description('break and repair a target on this machine and show the messages')

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof CommandError) {
    process.stderr.write(`vigia: ${error.message}\n`)
    process.exitCode = error.exitCode
  } else throw error
}
