import { because } from '#core/cause/cause.ts'
import { SourceError } from '../import-plan.ts'
import type { SourceFile } from '../source.ts'

/** A JSON text as a value. Throws SourceError, with the line where it can be told. */
export const readJson = (file: SourceFile): unknown => {
  const text = file.text()
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const at = /position (\d+)/.exec(message)?.[1]
    const line = at === undefined ? text.split('\n').length : text.slice(0, Number(at)).split('\n').length
    throw new SourceError({ file: file.name, line }, because('import_bad_json', { why: message }))
  }
}
