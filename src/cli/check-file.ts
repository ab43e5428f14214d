import { readEnvironment } from '#config/env.ts'
import { problemText } from '#config/load.ts'
import { printJson } from './command.ts'
import { readFileWhole } from './read-config.ts'
import { templateJudge } from './template-judge.ts'

/** Reads a file as the server would. What is wrong ends the command; what is only doubtful is printed. */
export const checkFile = async (path: string, json: boolean): Promise<void> => {
  const { config, warnings } = readFileWhole(path, readEnvironment(), await templateJudge(path))
  const counts = Object.fromEntries(
    (['monitors', 'channels', 'rules', 'silences', 'maintenance'] as const).map((kind) => [kind, config[kind].length]),
  )
  const words = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  if (json) printJson({ ok: true, ...counts, warnings: warnings.map(problemText) })
  else console.log([...warnings.map(problemText), `${path} holds together: ${words.join(', ')}.`].join('\n'))
}
