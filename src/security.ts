import type { Logger } from 'pino'
import type { SecurityLimits, Sources } from '#config/sources.ts'
import { withAddressFacts } from '#core/address-facts.ts'
import { parseAllowed } from '#core/ban-limits.ts'
import type { NewEvent } from '#core/event.ts'
import type { Language } from '#core/message.ts'
import type { SourceStatus, SourcesStatus } from '#core/source-status.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections, type Detections } from '#detectors/run.ts'
import type { Clock } from '#lib/clock.ts'
import type { JsonObject } from '#lib/json.ts'
import { ownAddresses } from '#lib/own-addresses.ts'
import { type BanDeps, createBans } from '#pipeline/bans.ts'
import { createAddressFacts } from '#sources/address/address-facts.ts'
import { createFail2banClient } from '#sources/fail2ban/client.ts'
import { type Fail2banSource, startFail2banSource } from '#sources/fail2ban/fail2ban-source.ts'
import { readerState } from '#sources/fail2ban/log-reader.ts'
import type { FollowProgress, FollowStats } from '#sources/tail/follow-log.ts'
import { startZeekSource, type ZeekSource } from '#sources/zeek/zeek-source.ts'
import type { Storage } from '#storage/index.ts'

export interface SecurityDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly language: Language
  readonly sources: Sources
  readonly limits: SecurityLimits
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** What is known of the address of an event, from the operator's databases. */
export const addressEnricher = (
  { countryFile, ownerFile }: SecurityLimits,
  log: SecurityDeps['log'],
): ((event: NewEvent) => NewEvent) | undefined => {
  if (countryFile === undefined && ownerFile === undefined) return undefined
  const facts = createAddressFacts({ countryFile, ownerFile, onTrouble: (message) => log.warn(message) })
  return (event) => withAddressFacts(event, facts.of)
}

const counted = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

const logStatus = (path: string, { lines, bytes, behind, tooLong }: FollowStats, reasons: Record<string, number>) => ({
  path,
  lines,
  bytes,
  behindBytes: behind,
  leftOut: counted({ 'too long': tooLong, ...reasons }),
})

const fail2banStatus = (name: string, { stats }: Fail2banSource): SourceStatus => {
  const { logs, unknown, notAddresses } = stats()
  const reasons = { 'not written by fail2ban': unknown, 'a ban of what is no address': notAddresses }
  return {
    kind: 'fail2ban',
    name,
    logs: [...logs].map(([path, follow]) => logStatus(path, follow, logs.size === 1 ? reasons : {})),
    lastRecordAt: null,
    detectors: {},
  }
}

const zeekStatus = (name: string, { stats }: ZeekSource, detections: Detections): SourceStatus => {
  const { stray, detectors } = detections.stats()
  const now = detections.now()
  const logs = stats().map(({ path, follow, parsed }) => logStatus(path, follow, { ...parsed?.reasons }))
  return { kind: 'zeek', name, logs, lastRecordAt: now === 0 ? null : now, stray, detectors }
}

const MOST_FILES_TOLD = 1000

/** Says of each file once that its turn has come, where a log has several: old logs may take their time. */
const createProgressLog = (log: SecurityDeps['log'], source: string) => {
  const told = new Set<string>()
  return ({ path, filesDone, files }: FollowProgress): void => {
    if (files < 2 || told.has(path) || told.size >= MOST_FILES_TOLD) return
    told.add(path)
    log.info({ source, file: path, done: filesDone, files }, 'reading a log and what rotation made of it')
  }
}

/** Bans, and the logs of security tools that are followed. */
export const createSecurity = (
  { storage, clock, language, sources, limits, log }: SecurityDeps,
  record: BanDeps['record'],
) => {
  const ending = new AbortController()
  const { networks } = parseAllowed([...ownAddresses(), ...limits.neverBan])
  const clients = new Map(
    sources.fail2ban.map(({ name, client, timeZone }) => [name, createFail2banClient({ command: client, timeZone })]),
  )
  const bans = createBans({
    storage,
    record,
    clients,
    language,
    now: clock.now,
    limits: () => ({ allowed: networks, longestMs: limits.longestBanMs }),
    audit: ({ at, actor, action, details }, { audit }) =>
      audit.insert({ at, actor, action, object: 'ban', objectId: null, details, address: null }),
  })

  const follow = async ({ name, log: path, timeZone, database, backfill }: Sources['fail2ban'][number]) => {
    const stateName = `fail2ban:${name}`
    return startFail2banSource({
      name,
      log: path,
      timeZone,
      client: clients.get(name),
      database,
      backfill,
      signal: ending.signal,
      positions: storage.followOffsets,
      state: readerState(await storage.settings.get<JsonObject>(stateName)),
      onBatch: async ({ changes, position, state }) => {
        await bans.apply(name, changes, async ({ settings, followOffsets }) => {
          await settings.set(stateName, state as never)
          if (position) await followOffsets.save(position.log, position.position)
        })
      },
      onListing: async (listing) => {
        await bans.reconcile(listing)
      },
      onTrouble: (message) => log.warn({ source: name }, message),
      onProgress: createProgressLog(log, name),
    })
  }

  const followZeek = ({ name, logs, backfill }: Sources['zeek'][number], detections: Detections) =>
    startZeekSource({
      name,
      logs,
      detections,
      backfill,
      positions: storage.followOffsets,
      signal: ending.signal,
      onTrouble: (message) => log.warn({ source: name }, message),
      onProgress: createProgressLog(log, name),
      record: (events, path, position) =>
        record(async ({ followOffsets }) => {
          await followOffsets.save(path, position)
          return events.map((event) => ({ ...event, receivedAt: clock.now() }))
        }),
    })

  const statuses: (() => SourceStatus)[] = []
  const began = async <Followed>(
    starting: Followed | Promise<Followed>,
    status: (source: Followed) => SourceStatus,
  ) => {
    const source = await starting
    statuses.push(() => status(source))
    return source
  }
  const following = Promise.all([
    ...sources.fail2ban.map((wanted) => began(follow(wanted), (source) => fail2banStatus(wanted.name, source))),
    ...sources.zeek.map((wanted) => {
      const detections = createDetections([...detectorTypes.values()], wanted.options)
      return began(followZeek(wanted, detections), (source) => zeekStatus(wanted.name, source, detections))
    }),
  ])
  return {
    bans,
    status: (): SourcesStatus => ({
      sources: statuses.map((status) => status()),
      addressFacts: { country: limits.countryFile !== undefined, owner: limits.ownerFile !== undefined },
    }),
    stop: async () => {
      ending.abort()
      await Promise.all((await following).map(({ ended }) => ended))
    },
  }
}

export type Security = ReturnType<typeof createSecurity>
