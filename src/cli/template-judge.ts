import { readFile } from 'node:fs/promises'
import type { LoadDeps } from '#config/load.ts'

/** What looks through the templates of a file. It is loaded only for a file that has some. */
export const templateJudge = async (path: string): Promise<Pick<LoadDeps, 'templateFault'>> => {
  const text = await readFile(path, 'utf8').catch(() => '')
  if (!/\btemplates\b/.test(text)) return {}
  const { templateFault } = await import('#templates/jinja/template-fault.ts')
  return { templateFault }
}
