import type { Command } from 'commander'
import type { Cause } from '#core/cause/cause.ts'
import type { Language } from '#core/message/message.ts'
import type { By } from '#core/who/by.ts'
import { ROLES, type Role } from '#core/who/role.ts'
import { printable } from '#lib/text/one-line.ts'

/** A command is one file that adds itself to the program; `cli/index.ts` holds the list. */
export type AddCommand = (program: Command) => void

/** An error that knows why as a cause. */
interface SaidError {
  /** In English. */
  readonly message: string
  readonly said: Cause
}

/**
 * Ends the command with a message for people and an exit code: 1 it did not hold, 2 wrong usage or configuration. A cause is
 * said in `language`: the one that a file sets, else that of who calls.
 */
export class CommandError extends Error {
  readonly exitCode: 1 | 2
  readonly why: Cause | undefined
  readonly language: Language | undefined
  constructor(what: string | Cause | SaidError, exitCode: 1 | 2 = 2, language?: Language) {
    super(typeof what === 'string' ? what : 'said' in what ? what.message : what.code)
    this.why = typeof what === 'string' ? undefined : 'said' in what ? what.said : what
    this.exitCode = exitCode
    this.language = language
  }
}

/** The data folder of a command: `--data`, else `VIGIA_DATA`, else `./data`. */
export const dataDir = (option: string | undefined): string => option ?? process.env.VIGIA_DATA ?? './data'

/** A role by its name. */
export const roleOption = (text: string): Role => {
  const role = ROLES.find((one) => one === text)
  if (!role) throw new CommandError(`--role ${text}: not a role; write ${ROLES.join(', ')}`)
  return role
}

/** How the audit log names a command. */
export const BY_COMMAND: By = { actor: 'cli', name: 'cli', address: null }

/** Lines for people on stdout; what of them came from outside begins no line of its own and drives no terminal. */
export const printLines = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.map(printable).join('\n')}\n`)
}

/** One JSON value on stdout and nothing else. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** A terminal's Ctrl+C reaches the launcher and this process: what comes this soon after is the same one. */
const SAME_SIGNAL_MS = 500

/** Aborts at Ctrl+C or SIGTERM; a second signal ends the process at once. */
export const untilSignal = (): AbortSignal => {
  const controller = new AbortController()
  let firstAt = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now()
      if (controller.signal.aborted && now - firstAt > SAME_SIGNAL_MS) process.exit(130)
      if (controller.signal.aborted) return
      firstAt = now
      controller.abort(signal)
    })
  }
  return controller.signal
}
