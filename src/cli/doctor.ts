import { existsSync } from 'node:fs'
import { readEnvironment } from '#config/env.ts'
import type { Finding } from '#engine/finding.ts'
import { survey } from '#engine/survey.ts'
import { inEnglish } from '#templates/said.ts'
import { type AddCommand, CommandError, dataDir, printJson, printLines, untilSignal } from './command.ts'
import { dataFindings } from './data-findings.ts'

const MARK: Readonly<Record<Finding['level'], string>> = { ok: 'ok      ', warning: 'WARNING ', problem: 'PROBLEM ' }

const linesOf = ({ check, level, found, advice }: Finding): readonly string[] => [
  `${MARK[level]}${check.padEnd(20)} ${found}`,
  ...(advice === undefined ? [] : [`${' '.repeat(29)}${advice}`]),
]

const DEFAULT_FILE = './vigia.yaml'

/** What the file says, walked through; nothing where there is none. */
const ofFile = async (named: string | undefined): Promise<readonly Finding[]> => {
  const path = named ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined)
  if (path === undefined) return []
  const environment = readEnvironment()
  // What reads files and sends stays away from who only looks at the machine.
  const [{ readConfig }, { wayFindings }] = await Promise.all([
    import('./read-config.ts'),
    import('./doctor/way-findings.ts'),
  ])
  try {
    return await wayFindings(readConfig(path, environment), environment, untilSignal())
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [{ check: 'configuration', level: 'problem', found: error.message, advice: `vigia check --config ${path}` }]
  }
}

export const addDoctor: AddCommand = (program) => {
  program
    .command('doctor')
    .description(
      'look at this machine, the data folder and the way of an alert by a file, and say what to do; sends nothing',
    )
    .option('--json', 'print one JSON array')
    .option('--data <folder>', 'data folder')
    .option('--config <file>', 'configuration file (default: ./vigia.yaml if it exists)')
    .action(async ({ json, data, config }: { json?: boolean; data?: string; config?: string }) => {
      const findings = [...(await survey(inEnglish)), ...dataFindings(dataDir(data)), ...(await ofFile(config))]
      if (json) printJson(findings)
      else printLines(findings.flatMap(linesOf))
      process.exitCode = findings.some(({ level }) => level === 'problem') ? 1 : 0
    })
}
