import type { Notification } from '#core/message/notification.ts'

/** A portion that is used up within this time was too small. */
const SOON_MS = 500
const LARGEST_PORTION = 512

/** What one channel has to send: taken from the outbox in portions, sent a few at once, in the order of the outbox. */
export interface Lane {
  /** How many to take from the outbox now; 0 while enough is ready. */
  wants(concurrency: number): number
  fill(portion: readonly Notification[], now: number): void
  /** The next one to send, when fewer than `concurrency` are under way. */
  next(concurrency: number): Notification | undefined
  /** One that was handed out is no longer under way. */
  done(): void
  /** Nothing is in hand, or little is left where the outbox had more: it should be asked without delay. */
  hungry(): boolean
  /** Gives up what is ready and returns it. */
  empty(): readonly Notification[]
}

/**
 * A lane takes no more than it will soon send, because nobody else can send what it holds: a portion grows while the
 * channel is quick, and is no more than what may be under way at once when it is slow.
 */
export const createLane = (): Lane => {
  let ready: Notification[] = []
  let sending = 0
  let portion = 0
  let wanted = 0
  let more = false
  let filledAt = Number.NEGATIVE_INFINITY
  return {
    wants: (concurrency) => {
      portion = Math.max(portion, concurrency)
      wanted = ready.length * 2 > portion ? 0 : Math.max(0, portion - ready.length - sending)
      return wanted
    },
    fill: (taken, now) => {
      portion = now - filledAt < SOON_MS ? Math.min(portion * 2, LARGEST_PORTION) : 0
      filledAt = now
      more = taken.length >= wanted
      ready.push(...taken)
    },
    next: (concurrency) => {
      const notification = sending < concurrency ? ready.shift() : undefined
      if (notification) sending++
      return notification
    },
    done: () => {
      sending--
    },
    hungry: () => (ready.length === 0 && sending === 0) || (more && ready.length * 4 < portion),
    empty: () => {
      const left = ready
      ready = []
      return left
    },
  }
}
