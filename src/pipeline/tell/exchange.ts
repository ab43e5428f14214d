import type { AttendedAlert } from '#core/alert/alert.ts'
import type { Notification } from '#core/message/notification.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import type { Claim, Settlement } from '#storage/outbox.ts'
import type { Persistence } from '../watch/persistence.ts'

/** An attempt that has ended, with the notification that it was for. */
export interface Ended extends Settlement {
  readonly notification: Notification
}

/** Of one channel: so many at most. */
export type Want = Pick<Claim, 'channelId' | 'limit'>

export interface ExchangeDeps {
  readonly storage: Pick<Storage, 'transaction'>
  readonly clock: Clock
  /** Waits for a store that refuses: an attempt that is forgotten would be made twice. */
  readonly write: Persistence['write']
  /** How long what is taken stays ours, ms; after that others take it. */
  readonly leaseMs: number
  /** What the end of an attempt means for others, in the commit that writes it down. */
  readonly afterwards: (ended: Ended, now: number, repositories: Repositories) => Promise<void>
}

/** An attempt as it waits here, with by how much the clock was ahead of the monotonic one when it was reckoned, ms. */
interface Noted<One extends Ended> {
  readonly one: One
  readonly aheadMs: number
}

interface Given {
  readonly settling: readonly Noted<Ended>[]
  readonly releasing: readonly number[]
  readonly wanted: readonly Want[]
}

interface Taken {
  readonly taken: readonly Notification[]
  /** How theirs stand. */
  readonly alerts: readonly AttendedAlert[]
}

/** What an exchange came to: what is ours now and was not before, how their alerts stand, and what is written down. */
export interface Exchanged<One extends Ended> extends Taken {
  readonly settled: readonly One[]
}

/**
 * Our side of the outbox: in one commit it writes down what has ended since the last time and takes what is wanted.
 * Nothing that a store refused is forgotten, and nothing that it may have written down is written down again.
 */
export const createExchange = <One extends Ended>(deps: ExchangeDeps) => {
  const { storage, clock, write, leaseMs, afterwards } = deps
  /** Ids that were taken and not given back: one whose lease ran out in our hands is still ours. */
  const ours = new Set<number>()
  let ended: Noted<One>[] = []
  let returned: number[] = []
  /** Until then, ms of the monotonic clock, the store may come to hold an exchange of which we did not hear. */
  let unsureUntil = Number.NEGATIVE_INFINITY
  const isUnsure = () => clock.monotonic() < unsureUntil
  const aheadMs = () => clock.now() - clock.monotonic()

  /** The next attempt moves with a clock that was set before this is written down. */
  const settlement = ({ one, aheadMs: was }: Noted<Ended>): Settlement =>
    one.after.status === 'retry'
      ? { ...one, after: { ...one.after, at: one.after.at + Math.round(aheadMs() - was) } }
      : one

  /**
   * Of an exchange that failed nobody knows whether the store has it: what it wrote down is not written down again, and
   * what it took for us goes back.
   */
  const sortOut = async ({ settling, releasing, wanted }: Given, { notifications }: Repositories): Promise<Given> => {
    const claimed = new Set(await notifications.claimedIds())
    await notifications.release([...claimed].filter((id) => !ours.has(id)))
    return {
      settling: settling.filter(({ one }) => claimed.has(one.id)),
      releasing: releasing.filter((id) => claimed.has(id)),
      wanted,
    }
  }

  const exchangeIn = async (repositories: Repositories, given: Given): Promise<Taken> => {
    const { notifications, alerts } = repositories
    const { settling, releasing, wanted } = isUnsure() ? await sortOut(given, repositories) : given
    // It may have waited long for the store.
    const now = clock.now()
    await notifications.settle(settling.map(settlement))
    for (const { one } of settling) await afterwards(one, now, repositories)
    await notifications.release(releasing)
    const taken: Notification[] = []
    for (const want of wanted) taken.push(...(await notifications.claim({ ...want, now, leaseMs })))
    const ids = taken.map(({ alertId }) => alertId).filter((id) => id !== null)
    return { taken, alerts: await alerts.attendedAll(ids) }
  }

  return {
    /** An attempt has ended; the next exchange writes it down. */
    note: (one: One): void => {
      ended.push({ one, aheadMs: aheadMs() })
    },

    /** It was taken and not tried; the next exchange gives it back. */
    giveBack: (id: number): void => {
      returned.push(id)
    },

    /** True while the store may hold an exchange of which we did not hear. */
    isUnsure,

    /** Writes down and takes. Throws what the store says when it refuses for good; what was noted stays noted. */
    exchange: async (wanted: readonly Want[]): Promise<Exchanged<One>> => {
      const given = { settling: ended, releasing: returned, wanted }
      const isNothing = given.settling.length + given.releasing.length + wanted.length === 0
      if (isNothing && !isUnsure()) return { taken: [], alerts: [], settled: [] }
      ended = []
      returned = []
      const { taken, alerts } = await write(() =>
        storage
          .transaction((repositories) => exchangeIn(repositories, given))
          .catch((error) => {
            unsureUntil = clock.monotonic() + leaseMs
            throw error
          }),
      ).catch((error) => {
        ended = [...given.settling, ...ended]
        returned = [...given.releasing, ...returned]
        throw error
      })
      for (const { one } of given.settling) ours.delete(one.id)
      for (const id of given.releasing) ours.delete(id)
      const fresh = taken.filter(({ id }) => !ours.has(id))
      for (const { id } of fresh) ours.add(id)
      return { taken: fresh, alerts, settled: given.settling.map(({ one }) => one) }
    },
  }
}
