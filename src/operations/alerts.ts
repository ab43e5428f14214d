import { type Alert, isAcknowledged } from '#core/alert/alert.ts'
import type { Acknowledging, Attended, Attention } from '#core/alert/attention.ts'
import { notThere, type Outcome, refused } from '#core/problem.ts'
import type { Matcher } from '#core/rule/matcher.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { iso } from '#lib/time/iso.ts'
import { canClose } from '#pipeline/decide/can-close.ts'
import { endAlert } from '#pipeline/decide/end-alert.ts'
import type { Network } from '#pipeline/decide/network.ts'
import type { Registry } from '#pipeline/decide/registry.ts'
import type { TickDeps } from '#pipeline/decide/tick-deps.ts'
import type { Repositories } from '#storage/index.ts'
import { type Change, changed, type Operate } from './operation.ts'

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

/** What people do about alerts, whichever way they come. One that is over is left as it was. */
export interface AlertOperations extends Omit<Attention, 'view'> {
  /** Nobody takes care any more: a reminder that is due is told at once. */
  takeBack(by: By, alertId: number): Promise<Attended>
  /** Ends it by hand; not while its monitor is not known to be well. */
  end(by: By, alertId: number): Promise<Outcome<Alert>>
}

/** A second press of a button asks for the same time a little later: that is no change. */
const SAME_MS = 60_000

const STILL_FAILING =
  'The monitor is not up: its alert ends when it answers again. Acknowledge or silence it, pause the monitor, or take it out.'

const coversUntil = (has: number | null, wanted: number | null): boolean =>
  has === null || (wanted !== null && has >= wanted - SAME_MS)

const isSame = (alert: Alert, { name }: By, { note, until }: Acknowledging, now: number): boolean =>
  isAcknowledged(alert, now) &&
  alert.acknowledgedBy === name &&
  (alert.acknowledgeNote ?? '') === note &&
  coversUntil(alert.acknowledgeUntil, until)

const NOBODY = { acknowledgedAt: null, acknowledgedBy: null, acknowledgeNote: null, acknowledgeUntil: null } as const

const entryOf = ({ id, subject }: Alert, action: string, details?: JsonObject) => ({
  action,
  object: 'alert',
  objectId: id,
  after: { subject },
  ...(details && { details }),
})

/** What a silence of this alert looks for: its monitor, or its subject among events of its type. */
const matchersOf = (alert: Alert, ruleOf: AlertDeps['ruleOf']): Matcher[] => {
  if (alert.monitorId !== null) {
    const monitor = ruleOf(alert)?.monitor?.name ?? alert.subject
    return [{ name: 'monitor', operator: '=', value: monitor }]
  }
  const { event_type: type } = alert.facts
  return [
    { name: 'subject', operator: '=', value: alert.subject },
    ...(type !== undefined ? [{ name: 'type', operator: '=', value: type } as const] : []),
  ]
}

/** A silence of the same that lasts as long. */
const sameSilence = async (matchers: readonly Matcher[], at: number, until: number, { silences }: Repositories) =>
  (await silences.current(at)).find(
    (one) =>
      one.startsAt <= at && coversUntil(one.endsAt, until) && JSON.stringify(one.matchers) === JSON.stringify(matchers),
  )

export const createAlertOperations = (deps: AlertDeps): AlertOperations => {
  const { operate, ruleOf, silenced, wake, onChange } = deps

  /** Does something about an alert that is still open. */
  const attend = (
    by: By,
    id: number,
    work: (alert: Alert, repositories: Repositories, at: number) => Promise<Change<Attended>>,
    inForce: () => Promise<void>,
  ): Promise<Attended> =>
    operate(
      by,
      async (repositories, at) => {
        const alert = await repositories.alerts.byId(id)
        return alert?.status === 'firing' ? work(alert, repositories, at) : changed({ alert, changed: false })
      },
      inForce,
    ).then(({ value }) => value)

  return {
    acknowledge: (by, id, request) =>
      attend(
        by,
        id,
        async (alert, { alerts }, at) => {
          if (isSame(alert, by, request, at)) return changed({ alert, changed: false })
          const after = await alerts.update(id, {
            acknowledgedAt: at,
            acknowledgedBy: by.name,
            acknowledgeNote: request.note,
            acknowledgeUntil: request.until,
          })
          const details = { note: request.note, until: iso(request.until) }
          return changed({ alert: after, changed: true }, entryOf(after, 'acknowledge', details))
        },
        async () => onChange(id, 'acknowledged'),
      ),

    takeBack: (by, id) =>
      attend(
        by,
        id,
        async (alert, { alerts }, at) => {
          if (alert.acknowledgedAt === null) return changed({ alert, changed: false })
          const after = await alerts.update(id, { ...NOBODY, nextDueAt: at })
          return changed({ alert: after, changed: true }, entryOf(after, 'unacknowledge'))
        },
        async () => {},
      ),

    silence: (by, id, forMs) =>
      attend(
        by,
        id,
        async (alert, repositories, at) => {
          const matchers = matchersOf(alert, ruleOf)
          const endsAt = at + forMs
          const same = await sameSilence(matchers, at, endsAt, repositories)
          if (same) return changed({ alert, changed: false, silencedUntil: same.endsAt })
          const silence = { matchers, startsAt: at, endsAt, comment: `alert ${id}`, createdBy: by.name, createdAt: at }
          await repositories.silences.insert(silence)
          const entry = entryOf(alert, 'silence', { until: iso(endsAt) })
          return changed({ alert, changed: true, silencedUntil: endsAt }, entry)
        },
        async () => {
          await silenced()
          onChange(id, 'silenced')
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
