import type { Alert } from '#core/alert/alert.ts'
import type { Acknowledging, Attended, Attention } from '#core/alert/attention.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import type { By } from '#core/who/by.ts'
import { canClose } from '#pipeline/decide/can-close.ts'
import { endAlert } from '#pipeline/decide/end-alert.ts'
import type { Network } from '#pipeline/decide/network.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import type { TickDeps } from '#pipeline/decide/tick-deps.ts'
import type { Repositories } from '#storage/index.ts'
import { type AttendOne, acknowledgeOne, entryOf, itself, itsSubject, silenceOne, takeBackOne } from './attend-one.ts'
import { changed, changedAll, type Entry, type Operate } from './operation.ts'

export interface AlertDeps extends Pick<TickDeps, 'quiets' | 'correlated' | 'ruleOf'> {
  readonly operate: Operate
  readonly network: Network
  readonly registry: Pick<Registry, 'monitor'>
  /** Puts a silence in force. */
  readonly silenced: () => Promise<void>
  /** Something new is in the outbox. */
  readonly wake: () => void
  /** Hears of what changed. */
  readonly onChange: (alertId: number, status: 'acknowledged' | 'silenced' | 'resolved') => void
}

/** Of many alerts, what became of one. */
export interface AttendedOne extends Attended {
  readonly id: number
}

interface Silencing {
  /** Ms. */
  readonly endsAt: number
  readonly comment: string
}

/** What people do about alerts, whichever way they come. One that is over is left as it was. */
export interface AlertOperations extends Omit<Attention, 'view'> {
  /** Nobody takes care any more: a reminder that is due is told at once. */
  takeBack(by: By, alertId: number): Promise<Attended>
  /** The same of many in one transaction; those that are over, or not there, are left as they are. */
  acknowledgeAll(by: By, alertIds: readonly number[], request: Acknowledging): Promise<readonly AttendedOne[]>
  takeBackAll(by: By, alertIds: readonly number[]): Promise<readonly AttendedOne[]>
  silenceAll(by: By, alertIds: readonly number[], silence: Silencing): Promise<readonly AttendedOne[]>
  /** Somebody opens it on a page: no change, and in no audit log. */
  look(by: By, alert: Alert): Promise<void>
  /** Ends it by hand; not while its monitor is not known to be well. */
  end(by: By, alertId: number): Promise<Outcome<Alert>>
}

const STILL_FAILING =
  'The monitor is not up: its alert ends when it answers again. Acknowledge or silence it, pause the monitor, or take it out.'

/** Whoever does something about an alert has looked at it. */
const noteLook = async ({ id, firstLookAt }: Alert, { alerts }: Repositories, at: number): Promise<void> => {
  if (firstLookAt === null) await alerts.looked(id, at)
}

export const createAlertOperations = (deps: AlertDeps): AlertOperations => {
  const { operate, ruleOf, silenced, wake, onChange } = deps

  /** Does something about an alert that is still open. */
  const attend = (by: By, id: number, work: AttendOne, inForce: () => Promise<void>): Promise<Attended> =>
    operate(
      by,
      async (repositories, at) => {
        const alert = await repositories.alerts.byId(id)
        if (alert?.status !== 'firing') return changed({ alert, changed: false })
        await noteLook(alert, repositories, at)
        return work(alert, repositories, at)
      },
      inForce,
    ).then(({ value }) => value)

  /** The same of many, all in one transaction: each that is still open, with an entry of its own. */
  const attendAll = async (
    by: By,
    ids: readonly number[],
    work: AttendOne,
    inForce: (done: readonly number[]) => Promise<void>,
  ): Promise<readonly AttendedOne[]> => {
    let attended: readonly AttendedOne[] = []
    await operate(
      by,
      async (repositories, at) => {
        const found = new Map((await repositories.alerts.some(ids)).map((alert) => [alert.id, alert]))
        const results: AttendedOne[] = []
        const entries: Entry[] = []
        for (const id of new Set(ids)) {
          const alert = found.get(id)
          if (alert?.status !== 'firing') {
            results.push({ id, alert, changed: false })
            continue
          }
          await noteLook(alert, repositories, at)
          const { value, entry } = await work(alert, repositories, at)
          results.push({ id, ...value })
          if (entry) entries.push(entry)
        }
        attended = results
        return changedAll(undefined, entries)
      },
      () => inForce(attended.filter((one) => one.changed).map(({ id }) => id)),
    )
    return attended
  }

  return {
    acknowledge: (by, id, request) =>
      attend(by, id, acknowledgeOne(by, request), async () => onChange(id, 'acknowledged')),

    look: async (by, alert) => {
      if (alert.status !== 'firing' || alert.firstLookAt !== null) return
      await operate(by, async ({ alerts }, at) => changed(await alerts.looked(alert.id, at)))
    },

    takeBack: (by, id) => attend(by, id, takeBackOne, async () => {}),

    silence: (by, id, forMs) =>
      attend(
        by,
        id,
        silenceOne(by, (at) => at + forMs, itself(ruleOf)),
        async () => {
          await silenced()
          onChange(id, 'silenced')
        },
      ),

    acknowledgeAll: (by, ids, request) =>
      attendAll(by, ids, acknowledgeOne(by, request), async (done) => {
        for (const id of done) onChange(id, 'acknowledged')
      }),

    takeBackAll: (by, ids) => attendAll(by, ids, takeBackOne, async () => {}),

    silenceAll: (by, ids, { endsAt, comment }) =>
      attendAll(
        by,
        ids,
        silenceOne(by, () => endsAt, itsSubject, comment),
        async (done) => {
          await silenced()
          for (const id of done) onChange(id, 'silenced')
        },
      ),

    end: (by, id) => {
      let told = false
      return operate(
        by,
        async (repositories, at) => {
          const alert = await repositories.alerts.byId(id)
          if (alert?.status !== 'firing') return notThere('open alert')
          if (!canClose(alert, deps)) return refused('still_failing', '', STILL_FAILING)
          await noteLook(alert, repositories, at)
          told = await endAlert(alert, 'hand', at, at, deps, repositories, { closed_by: by.name })
          return changed((await repositories.alerts.byId(id))!, entryOf(alert, 'resolve'))
        },
        async () => {
          if (told) wake()
          onChange(id, 'resolved')
        },
      )
    },
  }
}
