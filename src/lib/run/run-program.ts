import { type ExecFileException, type ExecFileOptions, execFile } from 'node:child_process'

export interface ProgramEnd {
  /** Why it did not end well: what the system said of starting it, or its exit code; null when it did. */
  readonly failure: Pick<ExecFileException, 'code' | 'message' | 'killed' | 'signal'> | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program, never a shell. Every failure is a value: Node throws some of what the system says of starting a
 * program (EPERM, ENOMEM …) instead of handing it over.
 */
export const runProgram = (
  program: string,
  args: readonly string[],
  options: ExecFileOptions & { readonly encoding?: 'utf8' },
): Promise<ProgramEnd> =>
  new Promise((resolve) => {
    try {
      execFile(program, args, { ...options, encoding: 'utf8' }, (failure, stdout, stderr) =>
        resolve({ failure, stdout, stderr }),
      )
    } catch (error) {
      resolve({ failure: error as ExecFileException, stdout: '', stderr: '' })
    }
  })
