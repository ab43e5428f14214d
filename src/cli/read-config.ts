import { channelTypes } from '#channels/index.ts'
import { type Config, type ConfigProblem, type LoadDeps, type Loaded, loadConfig, problemTextIn } from '#config/load.ts'
import type { Language } from '#core/message/message.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { CommandError } from './command.ts'
import { languageOf } from './language.ts'

/** Each problem on a line of its own. */
export const problemsText = (problems: readonly ConfigProblem[], language: Language = 'en'): string =>
  problems.map(problemTextIn(language)).join('\n')

/** Reads a file, or ends the command with everything that is wrong with it. */
export const readFileWhole = (
  path: string,
  environment: NodeJS.ProcessEnv,
  judge: Pick<LoadDeps, 'templateFault'> = {},
): Extract<Loaded, { readonly ok: true }> => {
  const loaded = loadConfig(path, { environment, probeTypes, channelTypes, parseTarget, ...judge })
  if (!loaded.ok) throw new CommandError(problemsText(loaded.problems, loaded.language ?? languageOf(environment)))
  return loaded
}

/** The same, for who has no eyes for what is only doubtful. */
export const readConfig = (path: string, environment: NodeJS.ProcessEnv): Config =>
  readFileWhole(path, environment).config
