import type { Wanted } from '#config/apply.ts'
import type { SecurityLimits, Sources } from '#config/sources.ts'
import { parseAllowed } from '#core/ban-limits.ts'
import { createCorrelation } from '#detectors/correlation.ts'
import { detectorTypes } from '#detectors/index.ts'
import { createDetections } from '#detectors/run.ts'
import type { Clock } from '#lib/clock.ts'
import type { JsonObject } from '#lib/json.ts'
import { ownAddresses } from '#lib/own-addresses.ts'
import { createRunningSet, type Startable } from '#lib/running-set.ts'
import { type BanDeps, type Bans, createBans } from '#pipeline/bans.ts'
import { createFail2banClient } from '#sources/fail2ban/client.ts'
import { startFail2banSource } from '#sources/fail2ban/fail2ban-source.ts'
import { readerState } from '#sources/fail2ban/log-reader.ts'
import { startZeekSource } from '#sources/zeek/zeek-source.ts'
import type { Storage } from '#storage/index.ts'
import type { ServerOptions } from './options.ts'

export interface SecurityDeps extends Pick<ServerOptions, 'language' | 'log'> {
  readonly storage: Storage
  readonly clock: Clock
  /** Stores and evaluates what sources bring, together with how far they have read. */
  readonly record: BanDeps['record']
}

/** Bans, and the logs of security tools that are followed. */
export interface Security {
  readonly bans: Bans
  /** Follows what is wanted now; a source that is unchanged goes on where it is. */
  set(wanted: Pick<Wanted, 'sources' | 'security'> | undefined): Promise<void>
  stop(): Promise<void>
}

/** Without a file nobody follows anything. */
const NO_SOURCES: Sources = { fail2ban: [], zeek: [] }
const NO_LIMITS: SecurityLimits = { neverBan: [], longestBanMs: 30 * 86_400_000 }

const banLimits = ({ neverBan, longestBanMs }: SecurityLimits) => ({
  allowed: parseAllowed([...ownAddresses(), ...neverBan]).networks,
  longestMs: longestBanMs,
})

export const createSecurity = ({ storage, clock, language, log, record }: SecurityDeps): Security => {
  // One for all sources: a scan that Zeek sees and a ban by fail2ban are about the same address.
  const correlation = createCorrelation()
  const clients = new Map<string, ReturnType<typeof createFail2banClient>>()
  const following = createRunningSet()
  let limits = banLimits(NO_LIMITS)
  const bans = createBans({
    storage,
    record,
    clients,
    language,
    now: clock.now,
    limits: () => limits,
    audit: ({ at, actor, action, details }, { audit }) =>
      audit.insert({ at, actor, action, object: 'ban', objectId: null, details, address: null }),
  })

  const followFail2ban = async (watch: Sources['fail2ban'][number], signal: AbortSignal) => {
    const { name, log: path, timeZone, database, backfill } = watch
    const stateName = `fail2ban:${name}`
    return startFail2banSource({
      name,
      log: path,
      timeZone,
      client: clients.get(name),
      database,
      backfill,
      signal,
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

  const followZeek = async ({ name, logs, options }: Sources['zeek'][number], signal: AbortSignal) =>
    startZeekSource({
      name,
      logs,
      detections: createDetections([...detectorTypes.values()], options, [correlation]),
      positions: storage.followOffsets,
      signal,
      onTrouble: (message) => log.warn({ source: name }, message),
      record: (events, path, position) =>
        record(async ({ followOffsets }) => {
          await followOffsets.save(path, position)
          return events.map((event) => ({ ...event, receivedAt: clock.now() }))
        }),
    })

  /** A source as something that can be started, and stopped once it has taken in what it had read. */
  const startable = <W extends { readonly name: string }>(
    kind: string,
    watch: W,
    follow: (watch: W, signal: AbortSignal) => Promise<{ readonly ended: Promise<unknown> }>,
  ): readonly [string, Startable] => [
    `${kind}:${watch.name}`,
    {
      marker: JSON.stringify(watch),
      start: async () => {
        const ending = new AbortController()
        const { ended } = await follow(watch, ending.signal)
        return async () => {
          ending.abort()
          await ended
        }
      },
    },
  ]

  return {
    bans,
    set: async ({ sources = NO_SOURCES, security = NO_LIMITS } = {}) => {
      limits = banLimits(security)
      clients.clear()
      for (const { name, client, timeZone } of sources.fail2ban)
        clients.set(name, createFail2banClient({ command: client, timeZone }))
      await following.sync(
        new Map([
          ...sources.fail2ban.map((watch) => startable('fail2ban', watch, followFail2ban)),
          ...sources.zeek.map((watch) => startable('zeek', watch, followZeek)),
        ]),
      )
    },
    stop: following.stop,
  }
}
