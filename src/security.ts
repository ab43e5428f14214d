import type { Logger } from 'pino'
import type { SecurityLimits, Sources } from '#config/sources.ts'
import { withAddressFacts } from '#core/address-facts.ts'
import { parseAllowed } from '#core/ban-limits.ts'
import type { NewEvent } from '#core/event.ts'
import type { Language } from '#core/message.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections } from '#detectors/run.ts'
import type { Clock } from '#lib/clock.ts'
import type { JsonObject } from '#lib/json.ts'
import { ownAddresses } from '#lib/own-addresses.ts'
import { type BanDeps, createBans } from '#pipeline/bans.ts'
import { createAddressFacts } from '#sources/address/address-facts.ts'
import { createFail2banClient } from '#sources/fail2ban/client.ts'
import { startFail2banSource } from '#sources/fail2ban/fail2ban-source.ts'
import { readerState } from '#sources/fail2ban/log-reader.ts'
import type { FollowProgress } from '#sources/tail/follow-log.ts'
import { startZeekSource } from '#sources/zeek/zeek-source.ts'
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

  const followZeek = ({ name, logs, options, backfill }: Sources['zeek'][number]) =>
    startZeekSource({
      name,
      logs,
      detections: createDetections([...detectorTypes.values()], options),
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

  const following = Promise.all([...sources.fail2ban.map(follow), ...sources.zeek.map(followZeek)])
  return {
    bans,
    stop: async () => {
      ending.abort()
      await Promise.all((await following).map(({ ended }) => ended))
    },
  }
}

export type Security = ReturnType<typeof createSecurity>
