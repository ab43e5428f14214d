import type { Finding } from '#engine/finding.ts'
import { survey } from '#engine/survey.ts'
import { inEnglish } from '#templates/said.ts'
import { type AddCommand, dataDir, printJson } from './command.ts'
import { dataFindings } from './data-findings.ts'

const MARK: Readonly<Record<Finding['level'], string>> = { ok: 'ok      ', warning: 'WARNING ', problem: 'PROBLEM ' }

const lineOf = ({ check, level, found, advice }: Finding): string =>
  `${MARK[level]}${check.padEnd(16)} ${found}${advice === undefined ? '' : `\n${' '.repeat(25)}${advice}`}`

export const addDoctor: AddCommand = (program) => {
  program
    .command('doctor')
    .description('look at what this machine offers for probing and at the data folder, and say what to do')
    .option('--json', 'print one JSON array')
    .option('--data <folder>', 'data folder')
    .action(async ({ json, data }: { json?: boolean; data?: string }) => {
      const findings = [...(await survey(inEnglish)), ...dataFindings(dataDir(data))]
      if (json) printJson(findings)
      else console.log(findings.map(lineOf).join('\n'))
      process.exitCode = findings.some(({ level }) => level === 'problem') ? 1 : 0
    })
}
