import type { Logger } from 'pino'
import { durationText } from '#lib/time/duration.ts'
import type { SteadyClock } from '#lib/time/steady-clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Network } from '#pipeline/decide/network.ts'
import type { QuietBook } from '#pipeline/decide/quiets.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Storage } from '#storage/index.ts'
import type { Alive } from './alive.ts'
import type { Faults } from './faults.ts'
import type { Probing } from './probing.ts'
import type { Recording } from './recording.ts'
import type { SightWatch } from './sight-watch.ts'

export interface ClockKeeperDeps {
  readonly clock: SteadyClock
  readonly storage: Pick<Storage, 'transaction'>
  readonly persistence: Pick<Persistence, 'write'>
  readonly alive: Pick<Alive, 'shift'>
  readonly probing: Pick<Probing, 'setClock'>
  readonly recording: Pick<Recording, 'between'>
  readonly network: Pick<Network, 'shift'>
  readonly sight: Pick<SightWatch, 'shift'>
  readonly quiets: Pick<QuietBook, 'reload'>
  /** Something in the outbox is due at another time. */
  readonly wake: () => void
  readonly timers: Timers
  readonly faults: Faults
  readonly log: Pick<Logger, 'warn' | 'info'>
}

const LOOK_EVERY_MS = 1000

const stepText = (byMs: number): string =>
  `${durationText(Math.round(Math.abs(byMs) / 1000) * 1000)} ${byMs > 0 ? 'ahead' : 'back'}`

/** Watches the system's clock, and takes over what it is set to, with everything that is under way. Returns its stop. */
export const keepClock = (deps: ClockKeeperDeps): (() => Promise<void>) => {
  const { clock, storage, persistence, alive, probing, recording, network, sight, quiets, wake, timers, faults, log } =
    deps
  let taking: Promise<void> | undefined

  /** The engine first: what it decided by the old time is stored before the rest moves. */
  const takeOver = async (byMs: number) => {
    await probing.setClock(clock.offset() + byMs, byMs)
    await recording.between(async () => {
      await persistence.write(() =>
        storage.transaction(async (repositories) => {
          const before = clock.now()
          await repositories.shiftClock({ before, after: before + Math.round(byMs) })
          await alive.shift(repositories, Math.round(byMs))
        }),
      )
      clock.adopt(byMs)
      network.shift(Math.round(byMs))
      sight.shift(Math.round(byMs))
      await quiets.reload()
    })
    // An engine that was started anew meanwhile knows only the old one.
    await probing.setClock(clock.offset(), 0)
    log.warn(
      { by: stepText(byMs) },
      'the clock of this machine was set; what is under way and what is due moved with it',
    )
    wake()
  }

  const look = () => {
    if (taking) return
    const news = clock.look()
    if (news?.kind === 'followed') void probing.setClock(clock.offset(), 0)
    else if (news?.kind === 'set')
      log.warn(
        { by: stepText(news.byMs) },
        'the clock of this machine was set; it is followed if it stays so for a minute',
      )
    else if (news?.kind === 'returned') log.info('the clock of this machine is right again')
    else if (news?.kind === 'believed')
      taking = takeOver(news.byMs)
        .catch(faults.bug)
        .finally(() => {
          taking = undefined
        })
  }

  const timer = timers.every(LOOK_EVERY_MS, look)
  return async () => {
    timers.clear(timer)
    await taking
  }
}
