import type { Clock } from '#lib/time/clock.ts'
import type { Timers } from '#lib/time/timers.ts'
import type { Bans } from '#pipeline/ban/bans.ts'
import type { Schedules } from '#pipeline/clockwork/schedules.ts'
import { createCatchUp } from '#pipeline/decide/catch-up.ts'
import { createEndPauses } from '#pipeline/decide/end-pauses.ts'
import { planMaintenance } from '#pipeline/decide/plan-maintenance.ts'
import type { QuietBook } from '#pipeline/decide/quiets.ts'
import { type RecordDeps, recordCalm } from '#pipeline/decide/record.ts'
import { reopen } from '#pipeline/decide/reopen.ts'
import { createDutyGaps, type DutyGapsDeps } from '#pipeline/decide/tell-duty-gaps.ts'
import { tellMaintenance } from '#pipeline/decide/tell-maintenance.ts'
import { tick } from '#pipeline/decide/tick.ts'
import type { TickDeps } from '#pipeline/decide/tick-deps.ts'
import type { Persistence } from '#pipeline/watch/persistence.ts'
import type { Agreement } from './agreement.ts'
import type { Alive } from './alive.ts'
import type { Faults } from './faults.ts'
import { isForPeople } from './for-people.ts'
import { type Live, publishEvents } from './live-event.ts'
import type { Recording } from './recording.ts'
import type { SightWatch } from './sight-watch.ts'

export interface ClockworkDeps {
  readonly looking: RecordDeps & Pick<TickDeps, 'correlated'>
  readonly escalation: TickDeps['escalation']
  readonly duty: DutyGapsDeps['rota']
  /** The server's. */
  readonly timeZone: () => string
  readonly quiets: QuietBook
  readonly sight: Pick<SightWatch, 'tick'>
  readonly recording: Pick<Recording, 'settled'>
  readonly agreement: Pick<Agreement, 'look'>
  readonly bans: Pick<Bans, 'tick' | 'forget'>
  readonly schedules: Pick<Schedules, 'tick'>
  readonly persistence: Persistence
  /** Puts in force what is stored of monitors. */
  readonly reconfigure: () => Promise<void>
  readonly alive: Pick<Alive, 'beat' | 'write' | 'trusted'>
  readonly live: Live
  /** Something new is in the outbox. */
  readonly wake: () => void
  readonly clock: Clock
  readonly timers: Timers
  readonly faults: Faults
}

const TICK_EVERY_MS = 1000
/** What need not be looked at each second: most of it is planned far ahead. */
const CHORES_EVERY_MS = 10_000
const ALIVE_EVERY_MS = 10_000
const COMPARE_EVERY_MS = 5000

/** Runs `work`, and skips the turns that come before it has ended. */
const oneAtATime = (work: () => Promise<void>) => {
  let running: Promise<void> | undefined
  return {
    run: () => {
      running ??= work().finally(() => {
        running = undefined
      })
    },
    settled: async () => running,
  }
}

/** Starts everything that is done by the clock. Returns the stop, which waits for the work under way. */
export const startClockwork = (deps: ClockworkDeps): (() => Promise<void>) => {
  const { looking, escalation, quiets, sight, recording, bans, schedules, persistence, alive, live } = deps
  const { agreement, wake, clock, timers, faults } = deps
  const { storage, registry, network } = looking

  const endPauses = createEndPauses({ storage, registry, inForce: deps.reconfigure })
  const catchUp = createCatchUp({ storage, registry, network, forPeople: isForPeople })

  /** What people asked to be told of planned work. */
  const announce = async (): Promise<boolean> => {
    const tellAt = quiets.tellAt()
    if (tellAt === null || clock.now() < tellAt) return false
    const told = await persistence.write(() => tellMaintenance(clock.now(), { storage, registry, network }))
    await quiets.reload()
    return told
  }

  const gaps = createDutyGaps({ storage, rota: deps.duty, timeZone: deps.timeZone, channels: registry.channels })

  const turn = async () => {
    // What the engine has found is known before anything that waited is told: a parent may be among it.
    await recording.settled()
    const settled = network.settled()
    if (settled.length > 0)
      await persistence.write(() => storage.transaction(({ alerts }) => alerts.lookAgainAt(settled, clock.now())))
    await endPauses(clock.now())
    const announced = await announce()
    const gapsTold = gaps.isDue(clock.now()) && (await persistence.write(() => gaps.look(clock.now())))
    const caughtUp = await catchUp(clock.now())
    // What has calmed down is known before anything that waited is told.
    const calmed = await recordCalm(looking, persistence.write)
    const reopened = await reopen(looking, persistence.write)
    const ticked = await tick(clock.now(), { ...looking, escalation, ruleOf: registry.ruleOf })
    await bans.tick()
    if (announced || gapsTold || caughtUp || ticked || reopened || calmed.length > 0) wake()
    publishEvents(live, calmed)
  }
  const chore = async () => {
    if (await planMaintenance(storage, clock.now())) await quiets.reload()
    await bans.forget(alive.trusted())
    await schedules.tick()
  }
  const turns = oneAtATime(() => turn().catch(faults.passing))
  const chores = oneAtATime(() => chore().catch(faults.passing))
  const comparisons = oneAtATime(() => agreement.look().catch(faults.passing))
  const notes = oneAtATime(() => persistence.write(alive.write).catch(faults.bug))
  const whileStored = (act: () => void) => () => {
    if (!persistence.trouble()) act()
  }

  const rhythms = [
    timers.every(TICK_EVERY_MS, sight.tick),
    timers.every(TICK_EVERY_MS, whileStored(turns.run)),
    timers.every(CHORES_EVERY_MS, whileStored(chores.run)),
    timers.every(COMPARE_EVERY_MS, whileStored(comparisons.run)),
    timers.every(ALIVE_EVERY_MS, () => {
      alive.beat()
      notes.run()
    }),
  ]
  return async () => {
    for (const rhythm of rhythms) timers.clear(rhythm)
    await Promise.all([turns, chores, comparisons, notes].map(({ settled }) => settled()))
  }
}
