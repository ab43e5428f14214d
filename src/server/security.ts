import type { Wanted } from '#config/apply.ts'
import type { SecurityLimits, Sources } from '#config/sources.ts'
import { parseAllowed } from '#core/ban/ban-limits.ts'
import type { SourceStatus, SourcesStatus } from '#core/event/source-status.ts'
import { detectorTypes } from '#detectors/index.ts'
import { NO_PLACES } from '#detectors/own-traffic.ts'
import { chosenDetectors, createDetections } from '#detectors/run.ts'
import type { JsonObject } from '#lib/json.ts'
import { ownAddresses } from '#lib/net/own-addresses.ts'
import { lazily } from '#lib/run/lazily.ts'
import { createRunningSet, type Startable } from '#lib/run/running-set.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { BanDeps } from '#pipeline/ban/ban-deps.ts'
import { type Bans, createBans } from '#pipeline/ban/bans.ts'
import { fail2banClientOf } from '#sources/fail2ban/client-of.ts'
import { startFail2banSource } from '#sources/fail2ban/fail2ban-source.ts'
import { readerState } from '#sources/fail2ban/log-reader.ts'
import type { FollowProgress } from '#sources/tail/follow-log.ts'
import { startZeekSource } from '#sources/zeek/zeek-source.ts'
import type { Storage } from '#storage/index.ts'
import { eventSaid } from '#templates/said.ts'
import type { ServerOptions } from './options.ts'
import { type OwnPlacesDeps, watchOwnPlaces } from './own-places.ts'
import { fail2banStatus, zeekStatus } from './source-status.ts'
import { createVerdictBook, type VerdictBook } from './verdict-book.ts'

export interface SecurityDeps extends Pick<ServerOptions, 'log'>, Pick<BanDeps, 'language'> {
  readonly storage: Storage
  readonly clock: Clock
  readonly timers: Timers
  /** What the system's clock shows, ms: it stamps files, whatever the server's own clock makes of a step. */
  readonly wall: () => number
  /** Hosts that the server looks at and sends to, and how their names are looked up. */
  readonly own: Omit<OwnPlacesDeps, 'timers'>
  /** Stores and evaluates what sources bring, together with how far they have read. */
  readonly record: BanDeps['record']
}

/** Bans, and the logs of security tools that are followed. */
export interface Security {
  readonly bans: Bans
  /** What operators said of predictions. */
  readonly verdicts: VerdictBook
  /** Follows what is wanted now; a source that is unchanged goes on where it is. */
  set(wanted: Pick<Wanted, 'sources' | 'security'> | undefined): Promise<void>
  /** What was read of the logs, and what is still to be read. */
  status(): SourcesStatus
  stop(): Promise<void>
}

/** Without a file nobody follows anything. */
const NO_SOURCES: Sources = { fail2ban: [], zeek: [] }
const NO_LIMITS: SecurityLimits = { neverBan: [], longestBanMs: 30 * 86_400_000 }

/** Looked up when somebody is to be banned first. */
const banLimits = ({ neverBan, longestBanMs }: SecurityLimits) => {
  const own = ownAddresses()
  return lazily(() => ({ allowed: parseAllowed([...own, ...neverBan]).networks, longestMs: longestBanMs }))
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

export const createSecurity = (deps: SecurityDeps): Security => {
  const { storage, clock, timers, wall, language, log, record } = deps
  const verdicts = createVerdictBook(storage)
  let own: ReturnType<typeof watchOwnPlaces> | undefined
  const clients = new Map<string, ReturnType<typeof fail2banClientOf>>()
  const following = createRunningSet()
  const statuses = new Map<string, () => SourceStatus>()
  let limits = banLimits(NO_LIMITS)
  let addressFacts = { country: false, owner: false }
  const bans = createBans({
    storage,
    record,
    clients,
    language,
    now: clock.now,
    limits: () => limits(),
    audit: ({ by: { actor, address }, ...entry }, { audit }) =>
      audit.insert({ ...entry, actor, address, object: 'ban', objectId: null }),
  })

  const followFail2ban = async (watch: Sources['fail2ban'][number], signal: AbortSignal) => {
    const { name, log: path, timeZone, database, backfill } = watch
    const stateName = `fail2ban:${name}`
    const source = startFail2banSource({
      name,
      log: path,
      timeZone,
      client: clients.get(name),
      database,
      backfill,
      signal,
      positions: storage.followOffsets,
      timers,
      wall,
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
    return { ended: source.ended, status: () => fail2banStatus(name, source) }
  }

  const followZeek = async ({ name, logs, options, backfill }: Sources['zeek'][number], signal: AbortSignal) => {
    const { types, refused } = await chosenDetectors([...detectorTypes.values()], options)
    await verdicts.reload()
    for (const sentence of refused) log.warn({ source: name }, sentence)
    const detections = createDetections(types, options, () => own?.current() ?? NO_PLACES, {
      signals: true,
      surroundings: { verdicts: verdicts.current, say: (fields) => eventSaid(fields).cause ?? '' },
    })
    const source = startZeekSource({
      name,
      logs,
      detections,
      backfill,
      positions: storage.followOffsets,
      timers,
      wall,
      signal,
      onTrouble: (message) => log.warn({ source: name }, message),
      onProgress: createProgressLog(log, name),
      record: (events, path, position) =>
        record(async ({ followOffsets }) => {
          await followOffsets.save(path, position)
          return events.map((event) => ({ ...event, receivedAt: clock.now() }))
        }),
    })
    return { ended: source.ended, status: () => zeekStatus(name, source, detections) }
  }

  /** A source as something that can be started, and stopped once it has taken in what it had read. */
  const startable = <W extends { readonly name: string }>(
    kind: string,
    watch: W,
    follow: (watch: W, signal: AbortSignal) => Promise<{ readonly ended: Promise<unknown>; status(): SourceStatus }>,
  ): readonly [string, Startable] => {
    const key = `${kind}:${watch.name}`
    const starting: Startable = {
      marker: JSON.stringify(watch),
      start: async () => {
        const ending = new AbortController()
        const { ended, status } = await follow(watch, ending.signal)
        statuses.set(key, status)
        return async () => {
          statuses.delete(key)
          ending.abort()
          await ended
        }
      },
    }
    return [key, starting]
  }

  return {
    bans,
    verdicts,
    set: async ({ sources = NO_SOURCES, security = NO_LIMITS } = {}) => {
      limits = banLimits(security)
      addressFacts = { country: security.countryFile !== undefined, owner: security.ownerFile !== undefined }
      own?.stop()
      own = sources.zeek.length > 0 ? watchOwnPlaces({ ...deps.own, timers }) : undefined
      clients.clear()
      for (const { name, client, timeZone } of sources.fail2ban) clients.set(name, fail2banClientOf(client, timeZone))
      await following.sync(
        new Map([
          ...sources.fail2ban.map((watch) => startable('fail2ban', watch, followFail2ban)),
          ...sources.zeek.map((watch) => startable('zeek', watch, followZeek)),
        ]),
      )
    },
    status: () => ({ sources: [...statuses.values()].map((status) => status()), addressFacts }),
    stop: async () => {
      own?.stop()
      await following.stop()
    },
  }
}
