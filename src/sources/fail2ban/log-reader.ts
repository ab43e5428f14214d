import type { BanChange } from '#core/ban/ban.ts'
import type { JsonObject } from '#lib/json.ts'
import { createBoundedMap } from '#lib/sketch/bounded-map.ts'
import { createLocalTime } from '#lib/time/local-time.ts'
import { type LogMessage, parseLogLine } from './log-line.ts'

/** A stop lifts every ban for the time being and says so; what is lifted so shortly before a stop counts as that. */
const HOLD_MS = 2000
/** Lifting thousands of bans one by one takes its time. */
const LONGEST_STOP_MS = 600_000
/** fail2ban's own default. */
const FINDTIME_SECONDS = 600
const JAILS_KEPT = 1000
const FOUND_KEPT = 20_000
const FOUND_IN_SNAPSHOT = 200
const BANS_KEPT = 10_000
/** Before 0.10 a start bans again what the stop lifted, in these moments, and calls it a ban. */
const SET_AGAIN_MS = 60_000
const SET_ASIDE = 20_000
/** More lifted at once than this are told of without waiting. */
const MOST_HELD = 5000

interface Settings {
  readonly bantime?: number
  readonly findtime?: number
}
interface Found {
  readonly count: number
  readonly last: number
}
type Unban = BanChange & { readonly kind: 'unban' }

/** What must outlive a restart in the middle of a log. */
export interface ReaderState {
  readonly jails: readonly (readonly [string, Settings])[]
  readonly jail: string | null
  readonly found: readonly (readonly [string, Found])[]
  readonly held: readonly Unban[]
  /** Since when fail2ban is stopping, ms; null when it is not. */
  readonly stopping: number | null
}

export interface ReaderStats {
  readonly lines: number
  /** Lines that fail2ban did not write, or not in a form that is known. */
  readonly unknown: number
  /** Bans of what is no address. */
  readonly notAddresses: number
}

interface Doubts {
  /** Bans in force may end at another time than is known. */
  readonly ends: boolean
  /** A jail was stopped while the others go on: it keeps nobody out. */
  readonly stopped: boolean
}

export interface ReaderOptions {
  /** Time zone of the log; absent: this machine's. */
  readonly timeZone?: string | undefined
  readonly state?: ReaderState | undefined
  /** Figures to count on from. */
  readonly stats?: ReaderStats | undefined
  /** About when the lines were written, ms: which year is meant where they leave it out; absent: those are not read. */
  readonly now?: () => number
}

/**
 * Turns the lines of fail2ban's log into changes of its bans. Bounded memory; the same answer for an old log as for a
 * live one. A lifted ban is held back for two seconds of the log's time: if fail2ban or the jail stops then, nothing was
 * lifted, because it comes back with the start.
 */
export const createLogReader = ({ timeZone, state, stats: counted, now }: ReaderOptions = {}) => {
  const timeOf = createLocalTime(timeZone)
  const untilOf = createLocalTime(timeZone)
  const jails = createBoundedMap<string, Settings>(JAILS_KEPT, state?.jails)
  const found = createBoundedMap<string, Found>(FOUND_KEPT, state?.found)
  const bans = createBoundedMap<string, true>(BANS_KEPT)
  const stats = { lines: 0, unknown: 0, notAddresses: 0, ...counted }
  /** What a stop lifted for the time being; and when the last start was, ms. */
  const aside = createBoundedMap<string, true>(SET_ASIDE)
  let startedAt = Number.NEGATIVE_INFINITY
  let held: Unban[] = [...(state?.held ?? [])]
  let jail: string | null = state?.jail ?? null
  let stopping = state?.stopping ?? null
  const doubt = { ends: false, stopped: false }

  const setAside = ({ jail: name, ip }: { readonly jail: string; readonly ip: string }) =>
    aside.set(`${name} ${ip}`, true)

  const failuresOf = (key: string, at: number, name: string): number | null => {
    const known = found.get(key)
    found.delete(key)
    const findtime = jails.get(name)?.findtime ?? FINDTIME_SECONDS
    return known && at - known.last <= findtime * 1000 ? known.count : null
  }

  const countFailure = (name: string, ip: string, at: number) => {
    const key = `${name} ${ip}`
    const known = found.get(key)
    const findtime = (jails.get(name)?.findtime ?? FINDTIME_SECONDS) * 1000
    const count = known && at - known.last <= findtime ? known.count + 1 : 1
    found.set(key, { count, last: at })
  }

  const ban = (name: string, ip: string, at: number, time: string, restored: boolean): readonly BanChange[] => {
    const key = `${name} ${ip}`
    const identity = `${time} ${key}`
    if (bans.get(identity)) return []
    bans.set(identity, true)
    const bantime = jails.get(name)?.bantime ?? null
    const expiresAt = bantime === null || bantime < 0 ? null : at + bantime * 1000
    const failures = failuresOf(key, at, name)
    const timestamp = time.slice(0, 19)
    return [{ kind: 'ban', jail: name, ip, at, expiresAt, failures, bantime, restored, timestamp }]
  }

  const set = (name: 'bantime' | 'findtime', seconds: number) => {
    const before = jail === null ? undefined : jails.get(jail)
    if (jail !== null) jails.set(jail, { ...before, [name]: seconds })
    // Another time moves the end of bans in force as well; one that is set later does not say of which jail.
    const isOther = jail === null || (before?.bantime !== undefined && before.bantime !== seconds)
    if (name === 'bantime' && isOther) doubt.ends = true
  }

  const release = (until: number): readonly BanChange[] => {
    if (held.length === 0 || held[0]!.at > until) return []
    const ripe = held.filter(({ at }) => at <= until)
    held = held.filter(({ at }) => at > until)
    return ripe
  }

  const take = (message: LogMessage, at: number, time: string): readonly BanChange[] => {
    switch (message.kind) {
      case 'found':
        countFailure(message.jail, message.ip, at)
        return []
      case 'ban':
      case 'restored': {
        // Lifted and set again within the hold: both happened, unless it was for a restart.
        const index = held.findIndex(({ jail: name, ip }) => name === message.jail && ip === message.ip)
        const lifted = index < 0 ? [] : held.splice(index, 1)
        const again = aside.get(`${message.jail} ${message.ip}`) === true && at - startedAt <= SET_AGAIN_MS
        aside.delete(`${message.jail} ${message.ip}`)
        const restored = message.kind === 'restored' || again
        return [...(restored ? [] : lifted), ...ban(message.jail, message.ip, at, time, restored)]
      }
      case 'unban':
        if (stopping !== null && at - stopping <= LONGEST_STOP_MS) {
          setAside(message)
          return []
        }
        held.push({ kind: 'unban', jail: message.jail, ip: message.ip, at })
        return held.length > MOST_HELD ? held.splice(0, 1) : []
      case 'extended': {
        const until = message.until === undefined ? null : untilOf(message.until)
        if (until === undefined) return []
        return [{ kind: 'extended', jail: message.jail, ip: message.ip, at, expiresAt: until }]
      }
      case 'failed':
        return [{ ...message, at }]
      case 'jail':
        jail = message.jail
        startedAt = at
        return []
      case 'configured':
        jail = null
        return []
      case 'jail_stopped':
        jail = null
        if (stopping === null) doubt.stopped = true
        for (const one of held) if (one.jail === message.jail) setAside(one)
        held = held.filter(({ jail: name }) => name !== message.jail)
        return []
      case 'setting':
        set(message.name, message.seconds)
        return []
      case 'banned_already':
        doubt.ends = true
        return []
      case 'stopping':
        stopping ??= at
        for (const one of held) setAside(one)
        held = []
        return []
      case 'starting':
        stopping = null
        startedAt = at
        return []
      case 'not_an_address':
        stats.notAddresses++
        return []
      case 'other':
        return []
    }
  }

  return {
    /** Takes lines in, in order; returns what they changed. */
    read: (lines: readonly string[]): readonly BanChange[] =>
      lines.flatMap((line) => {
        stats.lines++
        const parsed = parseLogLine(line, now?.())
        const at = parsed && (parsed.at ?? timeOf(parsed.time))
        if (at === undefined) {
          if (line !== '') stats.unknown++
          return []
        }
        const ripe = release(at - HOLD_MS)
        const changes = take(parsed!.message, at, parsed!.time)
        return ripe.length > 0 ? [...ripe, ...changes] : changes
      }),

    /** Seconds for which a jail bans from now on, as fail2ban itself says; -1 for ever. */
    learn: (name: string, bantime: number): void => jails.set(name, { ...jails.get(name), bantime }),

    /** What the lines read since it was asked last leave open, and fail2ban's own list tells. */
    doubts: (): Doubts => {
      const doubts = { ...doubt }
      doubt.ends = false
      doubt.stopped = false
      return doubts
    },

    /** To be called when nothing was written for two seconds: no stop follows what was lifted. */
    settle: (): readonly BanChange[] => release(Number.POSITIVE_INFINITY),
    waiting: (): boolean => held.length > 0,
    stats: (): ReaderStats => ({ ...stats }),

    state: (): ReaderState => ({
      jails: jails.entries(),
      jail,
      found: found.entries().slice(-FOUND_IN_SNAPSHOT),
      held: [...held],
      stopping,
    }),
  }
}

/** A state that was stored, as JSON; undefined when there is none. */
export const readerState = (stored: JsonObject | undefined): ReaderState | undefined =>
  stored as unknown as ReaderState | undefined
