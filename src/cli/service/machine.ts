import { chownSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runProgram } from '#lib/run/run-program.ts'
import { CommandError } from '../command.ts'
import type { ServiceFile } from './files.ts'

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** A database is migrated before systemd hears that its service is ready. */
const PATIENCE_MS = 600_000

/** Runs one of the machine's own tools; what it says when it fails is what people are told. */
export const runTool = async (program: string, ...args: readonly string[]): Promise<string> => {
  const { failure, stdout, stderr } = await runProgram(program, args, { timeout: PATIENCE_MS })
  if (!failure) return stdout.trim()
  const said = stderr.trim() || failure.message
  throw new CommandError(`${[program, ...args].join(' ')} failed: ${said}`, 1)
}

export const writeFiles = (files: readonly ServiceFile[]): void => {
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { mode: 0o644 })
  }
}

/** The account of the service, made where it is not there. */
export const accountOf = async (user: string): Promise<Account> => {
  await runTool('systemd-sysusers', '/etc/sysusers.d/vigia.conf')
  const number = async (what: '-u' | '-g') => Number(await runTool('id', what, user))
  return { uid: await number('-u'), gid: await number('-g') }
}

/** Gives a folder and all in it to an account; links are given, not what they lead to. */
export const giveFolder = (folder: string, { uid, gid }: Account): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) giveFolder(path, { uid, gid })
    else if (lstatSync(path).isFile()) chownSync(path, uid, gid)
  }
  chownSync(folder, uid, gid)
}
