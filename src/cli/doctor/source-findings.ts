import { open } from 'node:fs/promises'
import type { Sources } from '#config/sources.ts'
import type { BanClient } from '#core/ban/ban-client.ts'
import { type SilentLog, silentSentence } from '#core/event/silent-log.ts'
import type { Finding } from '#engine/finding.ts'
import { findLiveLogs } from '#sources/tail/find-live-logs.ts'
import { inEnglish } from '#templates/said.ts'

/** Whether this account may read a file: asked by opening it. */
const unreadable = async (path: string): Promise<string | undefined> => {
  try {
    await (await open(path, 'r')).close()
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? `${path} may not be read by this account` : undefined
  }
}

const logFinding = async (check: string, path: string, inFolders?: (name: string) => boolean): Promise<Finding> => {
  const { logs, none } = await findLiveLogs(path, { inFolders })
  const silent: SilentLog | undefined = none && { path, reason: none }
  if (silent) return { check, level: 'warning', found: silentSentence(silent), advice: 'name the log as it is there' }
  for (const log of logs) {
    const closed = await unreadable(log)
    if (closed !== undefined)
      return {
        check,
        level: 'problem',
        found: closed,
        advice: 'put the account into the group that the log belongs to',
      }
  }
  return {
    check,
    level: 'ok',
    found: logs.slice(0, 5).join(', ') + (logs.length > 5 ? ` and ${logs.length - 5} more` : ''),
  }
}

const fail2banFinding = async (check: string, client: BanClient): Promise<Finding> => {
  const jails = await client.jails()
  if (jails.ok) return { check, level: 'ok', found: `jails: ${jails.value.join(', ') || 'none'}` }
  return {
    check,
    level: 'warning',
    found: inEnglish(jails.why),
    advice: 'without it bans are read and cannot be set or lifted',
  }
}

/** Logs that are followed: whether they are there, and may be read by who asks. */
export const sourceFindings = async (
  { fail2ban, zeek }: Sources,
  clientOf: (words: readonly string[], timeZone: string) => BanClient,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for (const { name, log, client, timeZone } of fail2ban) {
    findings.push(await logFinding(`log of ${name}`, log))
    findings.push(await fail2banFinding(`bans of ${name}`, clientOf(client, timeZone)))
  }
  for (const { name, logs } of zeek)
    for (const log of logs) findings.push(await logFinding(`log of ${name}`, log, () => true))
  return findings
}
