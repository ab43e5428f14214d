import { readFileSync, statSync } from 'node:fs'
import { LARGEST_FILE, tooLarge } from '#config/read-source.ts'
import { because } from '#core/cause/cause.ts'
import { CommandError } from '../command.ts'
import { languageOf } from '../language.ts'
import { problemsText } from '../read-config.ts'

/** The text of a file, or the end of the command. */
export const readText = (file: string): string => {
  try {
    if (statSync(file).size > LARGEST_FILE)
      throw new CommandError(problemsText(tooLarge(file).problems, languageOf(process.env)), 1)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT'
        ? because('file_not_there')
        : code === 'EISDIR'
          ? because('file_is_folder')
          : because('as_said', { words: message })
    throw new CommandError(because('in_field', { field: file, why }), 1)
  }
}
