import type { Logger } from 'pino'
import { advanceTrust, type TrustedTime } from '#core/trusted-time.ts'
import type { Clock } from '#lib/time/clock.ts'
import { durationText } from '#lib/time/duration.ts'
import type { SteadyClock } from '#lib/time/steady-clock.ts'
import { type Gap, NOT_LISTENING, NOT_RUNNING } from '#storage/gaps.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { bootId, elapsedSince, type Life, readLife, uptimeMs, writeLife } from './life.ts'

/** A silence of the server longer than this is remembered as a gap: nothing is known about that time. */
const GAP_FROM_MS = 30_000

/** Who beats every ten seconds stood still where a beat comes after more than this. */
const STOOD_STILL_FROM_MS = 14_000

const absence = (from: number, to: number): Gap => ({
  from,
  to,
  reason: to - from > GAP_FROM_MS ? NOT_RUNNING : NOT_LISTENING,
})

/** Time that has passed for this machine, ms, whatever its clock was set to: awake, and its sleep with it. */
const systemElapsed = ({ monotonic }: Clock) => ({ awake: monotonic(), whole: uptimeMs() })

export interface AliveDeps {
  readonly storage: Pick<Storage, 'transaction' | 'settings' | 'gaps'>
  readonly clock: Clock & Partial<Pick<SteadyClock, 'goOn'>>
  readonly log: Pick<Logger, 'warn' | 'info'>
  readonly elapsed?: (clock: Clock) => { readonly awake: number; readonly whole: number }
  readonly boot?: string | null
}

/** That the server runs, and what it knows of the time in which it did not. */
export interface Alive {
  /** Called every few seconds, whether or not the store takes writes. */
  beat(): void
  /** Writes down that the server runs, and when it did not although it was not ended: a sleep, a stopped process. */
  write(): Promise<void>
  /** The clock is about to be set by so much: the sign of life says it in the same transaction as all that moves. */
  shift(repositories: Pick<Repositories, 'settings'>, byMs: number): Promise<void>
  /** What is old is counted back from here, ms since the epoch; never ahead of the clock. */
  trusted(): number
}

/** Says once that the clock jumped ahead, and once what became of it. */
const createTeller = (log: AliveDeps['log']) => {
  let waiting = false
  return (trust: TrustedTime, now: number) => {
    const waits = trust.at < now
    if (waits && !waiting)
      log.warn(
        { ahead: durationText(Math.round((now - trust.at) / 1000) * 1000) },
        'the clock is further ahead than time has passed for this server; nothing is removed by it before it has stayed so for a day',
      )
    if (!waits && waiting) log.info('what is old is removed by the clock again')
    waiting = waits
  }
}

/** Begins a life of the server: notes the time in which none ran. */
export const openAlive = async (deps: AliveDeps): Promise<Alive> => {
  const { storage, clock, log, elapsed = systemElapsed, boot = bootId() } = deps
  const { now } = clock
  const read = () => ({ ...elapsed(clock), at: now() })
  const tell = createTeller(log)
  let gaps: readonly Gap[] = []
  const before = await readLife(storage)
  const off = before && elapsedSince(before, boot, elapsed(clock).whole)
  if (before) clock.goOn?.(before.at, off)
  let last = read()
  let counted = last
  let trust = before ? advanceTrust(before.trust, last.at, off ?? 0) : { at: last.at, waitedMs: 0 }
  tell(trust, last.at)
  const life = (): Life => ({ at: last.at, boot, uptimeMs: last.whole, trust })
  const passed = (from: typeof last, to: typeof last) => Math.max(to.awake - from.awake, to.whole - from.whole)
  /** Counts the time up to now. */
  const count = (present = read()) => {
    trust = advanceTrust(trust, present.at, passed(counted, present))
    counted = present
    tell(trust, present.at)
  }
  await storage.transaction(async (repositories) => {
    if (before && last.at > before.at) await repositories.gaps.insert(absence(before.at, last.at))
    await writeLife(repositories, life())
  })

  return {
    beat: () => {
      const present = read()
      if (passed(last, present) > STOOD_STILL_FROM_MS) gaps = [...gaps, absence(last.at, present.at)]
      count(present)
      last = present
    },
    write: async () => {
      const written = gaps
      await storage.transaction(async (repositories) => {
        for (const gap of written) await repositories.gaps.insert(gap)
        await writeLife(repositories, life())
      })
      gaps = gaps.slice(written.length)
    },
    shift: (repositories, byMs) => {
      const present = read()
      last = { ...present, at: present.at + byMs }
      return writeLife(repositories, life())
    },
    trusted: () => {
      count()
      return trust.at
    },
  }
}
