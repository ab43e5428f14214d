import type { Timer } from '#lib/time/timers.ts'
import type { Timing } from '#lib/time/timing.ts'
/** What became of a name when it was asked for last: it was answered, it never was asked for, nobody answered. */
export type Trust = 'answered' | 'new' | 'silent'

/** Who is inside. */
export interface Guest {
  trust: Trust
  /** Makes it leave, where that can be: whoever waits has not had a turn at all. It must come again as a silent one. */
  readonly recall?: () => void
  /** When it came in, ms of the monotonic clock; the admission's own. */
  since?: number
}

/**
 * Lets in so many at once. Those that were silent last time get half of the places at most. One that was let in as another
 * and is not answered soon leaves when others wait: no number of silent names keeps one that is answered from its turn.
 */
export interface Admission {
  /** True: it is in. */
  tryEnter(guest: Guest): boolean
  /** Resolves once it is in. */
  enter(guest: Guest): Promise<void>
  leave(guest: Guest): void
  waiting(): number
}

/** In this time a query was sent twice. */
const HELD_MS = 800

type Waiting = readonly [Guest, () => void]

/** Lets those wait that cannot come in, and hands the places on. */
export const createAdmission = (places: number, { monotonic, timers }: Timing): Admission => {
  const forSilent = Math.max(1, Math.floor(places / 2))
  let silentInside = 0
  /** In the order in which they came. */
  const others = new Set<Guest>()
  const queues: Readonly<Record<Trust, Waiting[]>> = { answered: [], new: [], silent: [] }
  let timer: Timer | undefined

  const tryEnter = (guest: Guest): boolean => {
    if (silentInside + others.size >= places) return false
    if (guest.trust === 'silent') {
      if (silentInside >= forSilent) return false
      silentInside++
    } else {
      guest.since = monotonic()
      others.add(guest)
    }
    return true
  }

  const letIn = () => {
    for (const trust of ['answered', 'new', 'silent'] as const) {
      const queue = queues[trust]
      let next = 0
      while (next < queue.length && tryEnter(queue[next]![0])) queue[next++]![1]()
      queue.splice(0, next)
    }
  }

  const unheard = (): number => queues.answered.length + queues.new.length

  const recallSlow = () => {
    let wanted = unheard()
    for (const guest of others) {
      if (wanted === 0 || monotonic() - guest.since! < HELD_MS) break
      if (!guest.recall) continue
      wanted--
      guest.recall()
    }
    watch()
  }

  const watch = () => {
    if (timer !== undefined || unheard() === 0) return
    timer = timers.after(HELD_MS / 4, () => {
      timer = undefined
      recallSlow()
    })
    timer.unref()
  }

  return {
    tryEnter,
    enter: (guest) =>
      tryEnter(guest)
        ? Promise.resolve()
        : new Promise((resolve) => {
            queues[guest.trust].push([guest, resolve])
            watch()
          }),
    leave: (guest) => {
      if (!others.delete(guest)) silentInside--
      letIn()
    },
    waiting: () => unheard() + queues.silent.length,
  }
}
