import { isIP } from 'node:net'
import { createBoundedMap } from '#lib/sketch/bounded-map.ts'
import { systemClock } from '#lib/time/clock.ts'
import { systemTimers, type Timer, type Timers } from '#lib/time/timers.ts'
import { createAddressBook, type KnownAddresses } from './address-book.ts'
import { createNameConclusion } from './conclude-name.ts'
import type { FoundAddresses, NameFigures, NameStanding } from './found-addresses.ts'
import { earlierEntry, LAST_KNOWN_MS, mayServe, type NameEntry } from './name-entry.ts'
import { type NameFailure, noSuchName, notAnswered, notAskedYet, wrongVersion } from './name-failure.ts'
import { createNameLookup, type Family, inHostsFile, type Silence, type UnderWay } from './name-lookup.ts'
import { createNameSettings, type NameFiles } from './name-settings.ts'
import { literalAddress, plainHost } from './plain-host.ts'
import type { NameServer } from './resolv-conf.ts'

export type { NameFigures } from './found-addresses.ts'

/** Addresses of names: remembered, each asked for once at a time, never keeping anything else from its work. */
export interface Names {
  /** What is known of a name at this moment; undefined where it must be asked for. An address is known to itself. */
  known(host: string, family: Family): readonly string[] | undefined
  /** Never rejects. What is asked goes on being asked after `signal`, and is remembered. */
  resolve(host: string, family: Family, signal: AbortSignal): Promise<FoundAddresses | NameFailure>
  standing(host: string, family: Family): NameStanding
  /** Whether anything went by last known addresses of late: while it does not, nobody need ask about a single name. */
  servesLastKnown(): boolean
  /** How old the last known addresses of a name are by which it goes at present, ms; undefined where it has newer ones. */
  lastKnownMs(host: string, family: Family): number | undefined
  /** Who is asked first by the settings in force; undefined where those of this system are elsewhere. */
  server(): NameServer | undefined
  /** Set while nobody who looks names up answers anything. */
  silence(): Silence | undefined
  figures(): NameFigures
  close(): void
}

export interface NamesOptions {
  readonly monotonic?: (() => number) | undefined
  /** The system's by default. */
  readonly timers?: Timers | undefined
  /** Ms since the epoch. */
  readonly now?: (() => number) | undefined
  readonly files?: NameFiles | undefined
  /** Names that are asked for at once, default 2,048. */
  readonly atOnce?: number | undefined
  /** A file for the last known addresses, which outlive this process by it; absent: they do not. */
  readonly book?: string | undefined
}

interface Question extends UnderWay {
  readonly end: Promise<NameEntry | NameFailure>
}

const NAMES_KEPT = 50_000
/** No look takes longer. */
const LATELY_MS = 600_000
/** Once an answer is older than its TTL, a newer one is waited for so long. */
const NEWER_WAIT_MS = 400

const fits = (address: string, family: Family): boolean => family === 0 || family === isIP(address.split('%')[0]!)

export const createNames = (options: NamesOptions = {}): Names => {
  const { monotonic = systemClock.monotonic, timers = systemTimers, now = systemClock.now } = options
  const { files, atOnce, book: path } = options
  const timing = { monotonic, timers }
  const settings = createNameSettings({ monotonic, files })
  const lookup = createNameLookup({ timing, settings, atOnce })
  const cache = createBoundedMap<string, NameEntry>(NAMES_KEPT / 2)
  const asking = new Map<string, Question>()
  const figures = { asked: 0, remembered: 0, lastKnown: 0 }
  let servedAt = Number.NEGATIVE_INFINITY

  const lastKnownRows = (): readonly KnownAddresses[] => {
    const bornAt = now() - monotonic()
    const rows: KnownAddresses[] = []
    for (const [key, { addresses, foundAt }] of cache.entries())
      if (addresses && monotonic() - foundAt < LAST_KNOWN_MS) rows.push({ key, foundAt: bornAt + foundAt, addresses })
    return rows
  }
  const book = path === undefined ? undefined : createAddressBook({ path, now, timing, known: lastKnownRows })
  for (const { key, addresses, foundAt } of book?.read(LAST_KNOWN_MS) ?? [])
    cache.set(key, earlierEntry(addresses, monotonic() - Math.max(0, now() - foundAt)))

  const conclude = createNameConclusion({ monotonic, settings, book })

  const isFresh = (entry: NameEntry, now: number): boolean =>
    entry.addresses !== undefined && now < entry.until && entry.settings === settings()

  const find = async (host: string, family: Family, key: string, question: UnderWay) => {
    const before = cache.get(key)
    try {
      const end = await lookup.find(host, family, before ? (before.failure ? 'silent' : 'answered') : 'new', question)
      const unsaid = end.kind === 'silent' || end.kind === 'refused'
      const silence = unsaid ? await lookup.settledSilence(question.sentAt ?? question.askedAt) : undefined
      const result = conclude(host, end, before, question, silence)
      if ('settings' in result) cache.set(key, result)
      return result
    } finally {
      asking.delete(key)
    }
  }

  const ask = (host: string, family: Family, key: string): Question => {
    const present = asking.get(key)
    if (present) return present
    figures.asked++
    const question: { end: Question['end'] } & UnderWay = {
      askedAt: monotonic(),
      sentAt: undefined,
      end: undefined as never,
    }
    asking.set(key, question)
    question.end = find(host, family, key, question)
    return question
  }

  const noteLastKnown = () => {
    figures.lastKnown++
    servedAt = monotonic()
  }

  const lastKnown = (entry: NameEntry, ms: number): FoundAddresses => {
    noteLastKnown()
    return { addresses: entry.addresses!, ms, waitedMs: ms, lastKnownMs: monotonic() - entry.foundAt }
  }

  /** A newer answer was waited for, and did not come. */
  const isOverdue = (key: string, now: number): boolean => now - (asking.get(key)?.askedAt ?? now) >= NEWER_WAIT_MS

  /** What can be said without asking. */
  const remembered = (host: string, family: Family, key: string): NameEntry | undefined => {
    const entry = cache.get(key)
    if (!entry) return undefined
    const now = monotonic()
    if (isFresh(entry, now)) {
      if (now >= entry.refreshAt && now >= entry.failedUntil) ask(host, family, key)
      return entry
    }
    // Nobody answered when it was asked for last: that is not waited for again.
    if (entry.failure && entry.settings === settings()) {
      if (now < entry.failedUntil) return entry
      if (!mayServe(entry, now)) return undefined
      ask(host, family, key)
      return entry
    }
    return isOverdue(key, now) && mayServe(entry, now) ? entry : undefined
  }

  const fromFile = (host: string, family: Family): readonly string[] | undefined => {
    const present = settings()
    if (present.sources[0]?.name !== 'files') return undefined
    const found = inHostsFile(present, host, family)
    // Of both versions the order must be found out once.
    return found && (found.length === 1 || family !== 0) ? found : undefined
  }

  /** What is not there within the look's time: whose fault is it? */
  const outOfTime = (host: string, { askedAt, sentAt }: UnderWay): NameFailure => {
    const waiting = lookup.waiting()
    if (sentAt === undefined && waiting > 0) return notAskedYet(host, waiting)
    return notAnswered(host, lookup.silence(sentAt ?? askedAt))
  }

  const waitFor = (
    host: string,
    question: Question,
    entry: NameEntry | undefined,
    signal: AbortSignal,
  ): Promise<FoundAddresses | NameFailure> =>
    new Promise((resolve) => {
      const started = monotonic()
      let timer: Timer | undefined
      const end = (result: FoundAddresses | NameFailure) => {
        timers.clear(timer)
        signal.removeEventListener('abort', abort)
        resolve(result)
      }
      const abort = () => end(entry ? lastKnown(entry, monotonic() - started) : outOfTime(host, question))
      if (entry) timer = timers.after(NEWER_WAIT_MS, abort)
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      question.end.then((result) => {
        const ms = monotonic() - started
        if (!('settings' in result)) return end(entry ? lastKnown(entry, ms) : result)
        if (result.addresses === undefined) return end(result.failure!)
        if (result.failure) return end(lastKnown(result, ms))
        const queued = Math.min((question.sentAt ?? question.askedAt) - question.askedAt, ms)
        end({ addresses: result.addresses, ms, ...(queued > 0 && { waitedMs: queued }) })
      })
    })

  /** What is found without waiting. */
  const foundNow = (host: string, plain: string, family: Family): FoundAddresses | NameFailure | undefined => {
    const address = literalAddress(host)
    if (address !== undefined)
      return fits(address, family) ? { addresses: [address], ms: 0 } : wrongVersion(host, family)
    if (plain === '') return noSuchName(host)
    const filed = fromFile(plain, family)
    if (filed) return { addresses: filed, ms: 0 }
    const entry = remembered(plain, family, `${family} ${plain}`)
    if (!entry) return undefined
    if (entry.addresses === undefined) return entry.failure!
    if (monotonic() >= entry.until) return lastKnown(entry, 0)
    figures.remembered++
    return { addresses: entry.addresses, ms: 0 }
  }

  const standing: Names['standing'] = (host, family) => {
    if (literalAddress(host) !== undefined) return 'fixed'
    const plain = plainHost(host)
    if (inHostsFile(settings(), plain, family)) return 'fixed'
    const key = `${family} ${plain}`
    const entry = cache.get(key)
    if (entry?.failure?.code === 'dns_not_found') return 'fixed'
    const now = monotonic()
    if (!entry || !mayServe(entry, now)) return 'unknown'
    if (now < entry.until) return 'known'
    return entry.failure || isOverdue(key, now) ? 'last known' : 'known'
  }

  return {
    known: (host, family) => {
      const address = literalAddress(host)
      if (address !== undefined) return fits(address, family) ? [address] : undefined
      const plain = plainHost(host)
      const filed = fromFile(plain, family)
      if (filed) return filed
      const entry = remembered(plain, family, `${family} ${plain}`)
      if (!entry?.addresses) return undefined
      if (monotonic() < entry.until) figures.remembered++
      else noteLastKnown()
      return entry.addresses
    },
    resolve: (host, family, signal) => {
      const plain = plainHost(host)
      const present = foundNow(host, plain, family)
      if (present) return Promise.resolve(present)
      const key = `${family} ${plain}`
      const before = cache.get(key)
      const serves = before && mayServe(before, monotonic()) ? before : undefined
      return waitFor(host, ask(plain, family, key), serves, signal)
    },
    standing,
    servesLastKnown: () => monotonic() - servedAt < LATELY_MS,
    lastKnownMs: (host, family) =>
      standing(host, family) === 'last known'
        ? monotonic() - cache.get(`${family} ${plainHost(host)}`)!.foundAt
        : undefined,
    server: () => (process.platform === 'win32' ? undefined : settings().resolver.servers[0]),
    silence: () => lookup.silence(),
    figures: () => ({ ...figures, waiting: lookup.waiting() }),
    close: () => {
      book?.close()
      lookup.close()
    },
  }
}
