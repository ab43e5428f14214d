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
    })
  }

  const followZeek = ({ name, logs, options }: Sources['zeek'][number]) =>
    startZeekSource({
      name,
      logs,
      detections: createDetections([...detectorTypes.values()], options),
      positions: storage.followOffsets,
      signal: ending.signal,
      onTrouble: (message) => log.warn({ source: name }, message),
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
