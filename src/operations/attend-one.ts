import { type Alert, isAcknowledged } from '#core/alert/alert.ts'
import type { Acknowledging, Attended } from '#core/alert/attention.ts'
import type { Matcher } from '#core/rule/matcher.ts'
import type { By } from '#core/who/by.ts'
import type { JsonObject } from '#lib/json.ts'
import { iso } from '#lib/time/iso.ts'
import type { TickDeps } from '#pipeline/decide/tick-deps.ts'
import type { Repositories } from '#storage/index.ts'
import { type Change, changed } from './operation.ts'

/** Does one thing about an open alert, within the transaction of whoever asks. */
export type AttendOne = (alert: Alert, repositories: Repositories, at: number) => Promise<Change<Attended>>

/** A second press of a button asks for the same time a little later: that is no change. */
const SAME_MS = 60_000

const coversUntil = (has: number | null, wanted: number | null): boolean =>
  has === null || (wanted !== null && has >= wanted - SAME_MS)

const isSame = (alert: Alert, { name }: By, { note, until }: Acknowledging, now: number): boolean =>
  isAcknowledged(alert, now) &&
  alert.acknowledgedBy === name &&
  (alert.acknowledgeNote ?? '') === note &&
  coversUntil(alert.acknowledgeUntil, until)

const NOBODY = { acknowledgedAt: null, acknowledgedBy: null, acknowledgeNote: null, acknowledgeUntil: null } as const

export const entryOf = ({ id, subject }: Alert, action: string, details?: JsonObject) => ({
  action,
  object: 'alert',
  objectId: id,
  after: { subject },
  ...(details && { details }),
})

/** What a silence of this alert looks for: its monitor, or its subject among events of its type. */
export const itself =
  (ruleOf: TickDeps['ruleOf']): Silenced =>
  (alert) => {
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

export const acknowledgeOne =
  (by: By, request: Acknowledging): AttendOne =>
  async (alert, { alerts }, at) => {
    if (isSame(alert, by, request, at)) return changed({ alert, changed: false })
    const after = await alerts.update(alert.id, {
      acknowledgedAt: at,
      acknowledgedBy: by.name,
      acknowledgeNote: request.note,
      acknowledgeUntil: request.until,
    })
    const details = { note: request.note, until: iso(request.until) }
    return changed({ alert: after, changed: true }, entryOf(after, 'acknowledge', details))
  }

export const takeBackOne: AttendOne = async (alert, { alerts }, at) => {
  if (alert.acknowledgedAt === null) return changed({ alert, changed: false })
  const after = await alerts.update(alert.id, { ...NOBODY, nextDueAt: at })
  return changed({ alert: after, changed: true }, entryOf(after, 'unacknowledge'))
}

/** What a silence of an alert looks for. */
export type Silenced = (alert: Alert) => Matcher[]

/** Whatever else is told of the same. */
export const itsSubject: Silenced = ({ subject }) => [{ name: 'subject', operator: '=', value: subject }]

/** Mutes what the alert is about until a time, ms; absent the comment says which alert it was. */
export const silenceOne =
  (by: By, endsAt: (at: number) => number, silenced: Silenced, comment?: string): AttendOne =>
  async (alert, repositories, at) => {
    const matchers = silenced(alert)
    const until = endsAt(at)
    const same = await sameSilence(matchers, at, until, repositories)
    if (same) return changed({ alert, changed: false, silencedUntil: same.endsAt })
    const silence = {
      matchers,
      startsAt: at,
      endsAt: until,
      comment: comment ?? `alert ${alert.id}`,
      createdBy: by.name,
      createdAt: at,
    }
    const id = await repositories.silences.insert(silence)
    const details = { until: iso(until), ...(comment && { comment }) }
    return changed({ alert, changed: true, silencedUntil: until, silence: id }, entryOf(alert, 'silence', details))
  }
