import type { BanChange } from '#core/ban/ban.ts'
import type { BanClient, BanListing } from '#core/ban/ban-client.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import type { FilePosition, FilePositions } from '#core/event/file-position.ts'
import { type SilentLog, silentSentence } from '#core/event/silent-log.ts'
import { createTurns } from '#lib/run/turns.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import { inEnglish } from '#templates/said.ts'
import type { NoLogs } from '../tail/find-live-logs.ts'
import { type Following, followFile } from '../tail/follow-file.ts'
import type { FollowProgress, FollowStats } from '../tail/follow-log.ts'
import { createBanLists } from './ban-lists.ts'
import { createLogReader, type ReaderState, type ReaderStats } from './log-reader.ts'

/** What some lines of the log came to; to be applied and remembered in one transaction. */
interface Fail2banBatch {
  readonly changes: readonly BanChange[]
  /** How far the log has been read with them; undefined when nothing new was read. */
  readonly position: { readonly log: string; readonly position: FilePosition } | undefined
  /** What to hand back as `state` after a restart. */
  readonly state: ReaderState
}

export interface Fail2banSourceOptions {
  /** Of the source; also in the `source` of its events. */
  readonly name: string
  /** Path or pattern of the log. */
  readonly log: string
  readonly timeZone?: string | undefined
  /** Absent: bans are neither asked for nor given. */
  readonly client?: BanClient | undefined
  /** fail2ban's `dbfile`, asked when the client does not answer. */
  readonly database?: string | undefined
  /** Read rotated logs as well when the log was never followed. */
  readonly backfill?: boolean
  readonly state: ReaderState | undefined
  readonly positions: FilePositions
  readonly timers: Timers
  /** What the system's clock shows, ms: it stamps files, whatever the server's own clock makes of a step. */
  readonly wall: () => number
  /** Takes a batch in; when it rejects, the same lines come again. */
  readonly onBatch: (batch: Fail2banBatch) => Promise<void>
  readonly onListing: (listing: BanListing) => Promise<void>
  readonly onTrouble?: ((message: string) => void) | undefined
  readonly onProgress?: ((progress: FollowProgress) => void) | undefined
  readonly signal: AbortSignal
  readonly pollMs?: number
  /** How often to ask for fail2ban's own list, ms. */
  readonly reconcileEveryMs?: number
}

export interface Fail2banSource {
  /** Reads and takes in what the log holds now. */
  readNow(): Promise<void>
  /** Asks fail2ban, or else its database, for what is banned. False when neither answered. */
  reconcile(): Promise<boolean>
  /** The log, where it gives nothing, and why. */
  silent(): readonly SilentLog[]
  stats(): ReaderStats & { readonly logs: ReadonlyMap<string, FollowStats> }
  readonly ended: Promise<void>
}

const SETTLE_MS = 2000
/** Lines of a log that are waited for before it is said that none of them is of fail2ban. */
const LEAST_LINES = 5
const RECONCILE_EVERY_MS = 300_000
/** A start sets many bans again, one after the other. */
const SOON_MS = 2000
/** To ask for its list costs a program a jail: not more often than that for whoever goes on attacking. */
const CALM_MS = 62_000

/** Follows fail2ban's log and agrees from time to time with its own list. Works without fail2ban: it then waits for it. */
export const startFail2banSource = (options: Fail2banSourceOptions): Fail2banSource => {
  const { name, client, database, onBatch, onListing, onTrouble, signal, timeZone, timers, wall } = options
  const newReader = (state: ReaderState | undefined, stats?: ReaderStats) =>
    createLogReader({ timeZone, state, stats, now: wall })
  let reader = newReader(options.state)
  let settling: Timer | undefined
  const comparing = new Map<number, Timer>()
  let comparedAt = Number.NEGATIVE_INFINITY
  const troubles = new Set<string>()

  const tell = (why: Cause) => {
    const message = inEnglish(because('of_fail2ban', { name, why }))
    if (troubles.has(message)) return
    troubles.add(message)
    onTrouble?.(message)
  }

  /** One after the other: the reader's state belongs to the batch that it is stored with. */
  const inTurn = createTurns()

  const take = (changesOf: () => readonly BanChange[], position: Fail2banBatch['position']) =>
    inTurn(async () => {
      const [state, stats] = [reader.state(), reader.stats()]
      const changes = changesOf()
      try {
        if (position || changes.length > 0) await onBatch({ changes, position, state: reader.state() })
      } catch (error) {
        reader = newReader(state, stats)
        throw error
      }
    })

  const settleSoon = () => {
    timers.clear(settling)
    if (!reader.waiting()) return
    settling = timers.after(SETTLE_MS, () => {
      take(() => reader.settle(), undefined).catch(settleSoon)
    })
    settling.unref()
  }

  /** Compares lists in a while, besides every five minutes. */
  const reconcileIn = (ms: number) => {
    if (comparing.has(ms) || signal.aborted) return
    const timer = timers.after(ms, () => {
      comparing.delete(ms)
      reconcile().catch(reconcileFailed)
    })
    timer.unref()
    comparing.set(ms, timer)
  }

  /** What only fail2ban's own list says: when bans end that were set again or made longer, and which jails keep nobody out. */
  const askWhatIsOpen = (restored: boolean) => {
    const { ends, stopped } = reader.doubts()
    if (restored || stopped) reconcileIn(SOON_MS)
    // Bans of the last minute are left to the log until then.
    if (stopped) reconcileIn(CALM_MS)
    if (ends) reconcileIn(wall() - comparedAt > CALM_MS ? SOON_MS : CALM_MS)
  }

  const lists = createBanLists({
    name,
    client,
    database,
    wall,
    signal,
    onBantime: (jail, seconds) => reader.learn(jail, seconds),
    onTrouble: tell,
    onAnswer: () => troubles.clear(),
  })

  let none: NoLogs | undefined
  let logs: Following['stats'] = () => new Map()

  const silent = (): readonly SilentLog[] => {
    if (
      none !== undefined &&
      logs()
        .values()
        .every(({ lines }) => lines === 0)
    )
      return [{ path: options.log, reason: none }]
    const [foreign] = [...logs().values()].flatMap((stats) => stats.foreign ?? [])
    if (foreign) return [{ ...foreign, reason: 'unreadable_form' }]
    const { lines, unknown } = reader.stats()
    return unknown >= LEAST_LINES && unknown === lines ? [{ path: options.log, reason: 'not_fail2ban', lines }] : []
  }

  const said = new Set<string>()
  const tellSilent = () => {
    for (const one of silent()) {
      if (one.form !== undefined || said.has(one.reason)) continue
      said.add(one.reason)
      onTrouble?.(`fail2ban ${name}: ${silentSentence(one)}`)
    }
  }

  const follow = () =>
    followFile({
      path: options.log,
      name,
      positions: options.positions,
      from: options.backfill ? 'archives' : 'start',
      signal,
      timers,
      wall,
      onTrouble,
      onProgress: options.onProgress,
      onNone: (why) => {
        none = why
        tellSilent()
      },
      ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
      onLines: async ({ lines, log, position }) => {
        let unknownRestored = false
        await take(
          () => {
            const changes = reader.read(lines)
            unknownRestored = changes.some((change) => change.kind === 'ban' && change.restored)
            return changes
          },
          { log, position },
        )
        askWhatIsOpen(unknownRestored)
        settleSoon()
        tellSilent()
        return 'stored'
      },
    })

  /** How long jails ban is known before the log is read, and the log is read before lists are compared: it has the news. */
  const start = async (): Promise<Following> => {
    await lists.bantimes()
    const following = follow()
    await following.readNow().catch(() => {})
    return following
  }

  const reconcile = async (): Promise<boolean> => {
    comparedAt = wall()
    const listing = await lists.listing()
    if (listing && !signal.aborted) await onListing(listing)
    return listing !== undefined
  }

  const reconcileFailed = (error: Error) => tell(because('fail2ban_list_not_kept', { error: error.message }))

  const run = async (following: Following) => {
    const every = options.reconcileEveryMs ?? RECONCILE_EVERY_MS
    while (!signal.aborted) {
      await reconcile().catch(reconcileFailed)
      await timers.pause(every, { signal, ref: false })
    }
    await following.ended
    timers.clear(settling)
    for (const timer of comparing.values()) timers.clear(timer)
    await inTurn(async () => {})
  }

  const started = start()
  void started.then((following) => {
    logs = following.stats
  })

  return {
    readNow: async () => (await started).readNow(),
    reconcile,
    silent,
    stats: () => ({ ...reader.stats(), logs: logs() }),
    ended: started.then(run),
  }
}
