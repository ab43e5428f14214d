import type { FollowedLog, SourceStatus } from '#core/event/source-status.ts'
import type { Detections } from '#detectors/run.ts'
import type { Fail2banSource } from '#sources/fail2ban/fail2ban-source.ts'
import type { FollowStats } from '#sources/tail/follow-log.ts'
import type { ZeekSource } from '#sources/zeek/zeek-source.ts'

const counted = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

const logStatus = (
  path: string,
  { lines, bytes, behind, tooLong }: FollowStats,
  reasons: Record<string, number>,
): FollowedLog => ({
  path,
  lines,
  bytes,
  behindBytes: behind,
  leftOut: counted({ 'too long': tooLong, ...reasons }),
})

/** How far a followed fail2ban log was read. */
export const fail2banStatus = (name: string, { stats, silent }: Fail2banSource): SourceStatus => {
  const { logs, unknown, notAddresses } = stats()
  const reasons = { 'not written by fail2ban': unknown, 'a ban of what is no address': notAddresses }
  return {
    kind: 'fail2ban',
    name,
    logs: [...logs].map(([path, follow]) => logStatus(path, follow, logs.size === 1 ? reasons : {})),
    lastRecordAt: null,
    silent: silent(),
    detectors: {},
  }
}

/** How far followed Zeek logs were read, and what the detectors made of them. */
export const zeekStatus = (name: string, { stats, silent }: ZeekSource, detections: Detections): SourceStatus => {
  const { stray, repeated, detectors } = detections.stats()
  const now = detections.now()
  const logs = stats().map(({ path, follow, parsed }) => logStatus(path, follow, { ...parsed?.reasons }))
  return {
    kind: 'zeek',
    name,
    logs,
    lastRecordAt: now === 0 ? null : now,
    stray,
    repeated,
    silent: silent(),
    detectors,
  }
}
