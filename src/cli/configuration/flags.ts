import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { Command } from 'commander'
import { readEnvironment } from '#config/env.ts'
import { CommandError } from '../command.ts'

/** What all commands about the whole configuration take. */
export interface WhereFlags {
  readonly server?: string
  readonly data?: string
  readonly env?: string
  readonly json?: boolean
}

/** Where the configuration is that a command is about. */
export const addWhere = (command: Command): Command =>
  command
    .option('--server <url>', 'a running server, asked over HTTP; its token in VIGIA_TOKEN (default: VIGIA_SERVER)')
    .option('--data <folder>', 'data folder, where no server is named')
    .option('--json', 'print one JSON object')

/** How a file is looked at. */
export const addLooking = (command: Command): Command =>
  addWhere(command)
    .option('--env <file>', 'values of the names that the file refers to, beside those of the environment and .env')
    .option('--prune', 'what was made by hand and the file does not name goes')
    .option('--beside', 'on a server that runs from a file of its own: by hand, beside that')

/** The address of the server that is meant; undefined where a data folder is. */
export const serverOf = ({ server }: WhereFlags): string | undefined => {
  const url = server ?? process.env.VIGIA_SERVER
  if (url === undefined || url === '') return undefined
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new CommandError(`--server ${url}: not an address; write for example http://127.0.0.1:5000`, 1)
  return url.replace(/\/+$/, '')
}

/** Values for the names that a file refers to. */
export const environmentOf = ({ env }: WhereFlags): NodeJS.ProcessEnv => {
  if (env === undefined) return readEnvironment()
  if (!existsSync(env)) throw new CommandError(`--env ${env}: no such file`, 1)
  return { ...parseEnv(readFileSync(env, 'utf8')), ...readEnvironment() }
}
