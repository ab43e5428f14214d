import { readFileSync, statSync } from 'node:fs'
import { problemText } from '#config/load.ts'
import { LARGEST_FILE, tooLarge } from '#config/read-source.ts'
import { CommandError } from '../command.ts'

/** The text of a file, or the end of the command. */
export const readText = (file: string): string => {
  try {
    if (statSync(file).size > LARGEST_FILE)
      throw new CommandError(tooLarge(file).problems.map(problemText).join('\n'), 1)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    const words =
      code === 'ENOENT' ? 'the file does not exist' : code === 'EISDIR' ? 'this is a folder, not a file' : message
    throw new CommandError(`${file}: ${words}`, 1)
  }
}
