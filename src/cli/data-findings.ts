import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '#engine/finding.ts'
import { refuseLost } from '#storage/lost-database.ts'
import { asideOf } from '#storage/set-aside.ts'

const ASIDE = {
  damaged: 'was damaged: look at the disk; remove it when nobody needs it, or restore a backup',
  other: 'is of another installation: remove it when nobody needs it',
} as const

const readable = (path: string): boolean =>
  process.platform !== 'win32' && existsSync(path) && (statSync(path).mode & 0o077) !== 0

/** What a data folder shows of lost, damaged or open files; nothing where no server has run with it. */
export const dataFindings = (dataDir: string): readonly Finding[] => {
  if (!existsSync(dataDir)) return []
  const findings: Finding[] = []
  try {
    refuseLost(dataDir)
  } catch (error) {
    findings.push({ check: 'database', level: 'problem', found: (error as Error).message })
  }
  for (const [why, advice] of Object.entries(ASIDE))
    for (const found of asideOf(join(dataDir, 'history.db'), why))
      findings.push({ check: 'graphs', level: 'warning', found: `${found} was set aside`, advice: `it ${advice}` })
  for (const name of ['vigia.db', 'history.db', 'secret.key'])
    if (readable(join(dataDir, name)))
      findings.push({
        check: 'file modes',
        level: 'warning',
        found: `${name} can be read by others`,
        advice: `chmod 600 ${join(dataDir, name)}; the next start corrects databases by itself`,
      })
  return findings
}
