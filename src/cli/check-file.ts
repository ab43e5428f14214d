import type { LoadedModules } from '#config/blackbox.ts'
import { readEnvironment } from '#config/env.ts'
import { problemText } from '#config/load.ts'
import type { ConfigProblem } from '#config/source.ts'
import { printJson } from './command.ts'
import { readFileWhole } from './read-config.ts'
import { templateDoubts, templateJudge } from './template-judge.ts'

const everythingSaid = ({ problems, notes }: LoadedModules) => [...problems, ...notes]

/** What is wrong with the modules of `/probe` that a file names: the server leaves such a one out, and goes on; and what it does otherwise. */
const moduleProblems = async (path: string | undefined): Promise<readonly ConfigProblem[]> =>
  path === undefined ? [] : everythingSaid((await import('#config/blackbox.ts')).loadBlackboxModules(path))

/** Reads a file as the server would. What is wrong ends the command; what is only doubtful is printed. */
export const checkFile = async (path: string, json: boolean): Promise<void> => {
  const { config, warnings: doubts } = readFileWhole(path, readEnvironment(), await templateJudge(path))
  const problems = [...doubts, ...(await moduleProblems(config.metrics.modules))]
  const warnings = [...problems.map(problemText), ...(await templateDoubts(config.rules))]
  const counts = Object.fromEntries(
    (['monitors', 'channels', 'rules', 'silences', 'maintenance'] as const).map((kind) => [kind, config[kind].length]),
  )
  const words = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  if (json) printJson({ ok: true, ...counts, warnings })
  else console.log([...warnings, `${path} holds together: ${words.join(', ')}.`].join('\n'))
}
