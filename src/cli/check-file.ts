import type { LoadedModules } from '#config/blackbox.ts'
import { readEnvironment } from '#config/env.ts'
import { problemTextIn } from '#config/load.ts'
import type { ConfigProblem } from '#config/source.ts'
import { because } from '#core/cause/cause.ts'
import { inEnglish, inSpanish } from '#templates/said.ts'
import { printJson } from './command.ts'
import { languageOf } from './language.ts'
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
  const language = config.server.language ?? languageOf(process.env)
  const warnings = [
    ...problems.map(problemTextIn(json ? 'en' : language)),
    ...(await templateDoubts(config.rules, json ? 'en' : language)),
  ]
  const counts = Object.fromEntries(
    (['monitors', 'channels', 'rules', 'silences', 'maintenance'] as const).map((kind) => [kind, config[kind].length]),
  )
  const words = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  if (json) printJson({ ok: true, ...counts, warnings })
  else {
    const holds = because('file_holds_together', { path, counts: words.join(', ') })
    console.log([...warnings, language === 'es' ? inSpanish(holds) : inEnglish(holds)].join('\n'))
  }
}
