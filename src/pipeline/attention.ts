import { type Alert, ackFacts, isAcknowledged } from '#core/alert.ts'
import type { Acknowledging, Attendant, Attended, Attention } from '#core/attention.ts'
import type { Matcher } from '#core/matcher.ts'
import { messageOf, notificationFacts } from '#core/notification-facts.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories, Storage } from '#storage/index.ts'
import { renderMessage } from '#templates/render.ts'
import type { QuietBook } from './quiets.ts'
import type { TickDeps } from './tick-deps.ts'

export interface AttentionDeps {
  readonly storage: Storage
  readonly quiets: Pick<QuietBook, 'reload'>
  readonly ruleOf: TickDeps['ruleOf']
  readonly now: () => number
  /** The server's, for an alert in words. */
  readonly timeZone: string
  /** Hears of what changed. */
  readonly onChange: (alertId: number, status: 'acknowledged' | 'silenced') => void
}

/** A second press of a button asks for the same time a little later: that is no change. */
const SAME_MS = 60_000

const coversUntil = (has: number | null, wanted: number | null): boolean =>
  has === null || (wanted !== null && has >= wanted - SAME_MS)

const isSame = (alert: Alert, { by, note, until }: Acknowledging, now: number): boolean =>
  isAcknowledged(alert, now) &&
  alert.acknowledgedBy === by &&
  (alert.acknowledgeNote ?? '') === note &&
  coversUntil(alert.acknowledgeUntil, until)

const entryOf = (
  { via, by, address }: Attendant,
  action: string,
  objectId: number,
  at: number,
  details: JsonObject,
): Parameters<Repositories['audit']['insert']>[0] => ({
  at,
  actor: `${via}:${by}`,
  action,
  object: 'alert',
  objectId,
  details,
  address,
})

export const createAttention = ({ storage, quiets, ruleOf, now, timeZone, onChange }: AttentionDeps): Attention => {
  /** What a silence of this alert looks for: its monitor, or its subject among events of its type. */
  const matchersOf = (alert: Alert): Matcher[] => {
    if (alert.monitorId !== null) {
      const monitor = ruleOf(alert)?.monitor?.name ?? alert.subject
      return [{ name: 'monitor', operator: '=', value: monitor }]
    }
    const { event_type: type } = alert.data
    return [
      { name: 'subject', operator: '=', value: alert.subject },
      ...(typeof type === 'string' ? [{ name: 'type', operator: '=', value: type } as const] : []),
    ]
  }

  const silenceIn = async (
    alert: Alert,
    request: Attendant & { readonly forMs: number },
    { silences, audit }: Repositories,
  ): Promise<Attended> => {
    const at = now()
    const matchers = matchersOf(alert)
    const endsAt = at + request.forMs
    const same = (await silences.current(at)).find(
      (one) =>
        one.startsAt <= at &&
        coversUntil(one.endsAt, endsAt) &&
        JSON.stringify(one.matchers) === JSON.stringify(matchers),
    )
    if (same) return { alert, changed: false, silencedUntil: same.endsAt }
    const comment = `alert ${alert.id}`
    await silences.insert({ matchers, startsAt: at, endsAt, comment, createdBy: request.by, createdAt: at })
    await audit.insert(entryOf(request, 'silence', alert.id, at, { until: new Date(endsAt).toISOString() }))
    return { alert, changed: true, silencedUntil: endsAt }
  }

  const acknowledgeIn = async (
    alert: Alert,
    request: Acknowledging,
    { alerts, audit }: Repositories,
  ): Promise<Attended> => {
    const at = now()
    if (isSame(alert, request, at)) return { alert, changed: false }
    const { by, note, until } = request
    const patch = { acknowledgedAt: at, acknowledgedBy: by, acknowledgeNote: note, acknowledgeUntil: until }
    const details = { note, until: until === null ? null : new Date(until).toISOString() }
    await audit.insert(entryOf(request, 'acknowledge', alert.id, at, details))
    return { alert: await alerts.update(alert.id, patch), changed: true }
  }

  /** Does something about an alert that is still open. */
  const attend = (
    id: number,
    work: (alert: Alert, repositories: Repositories) => Promise<Attended>,
  ): Promise<Attended> =>
    storage.transaction(async (repositories) => {
      const alert = await repositories.alerts.byId(id)
      return alert?.status === 'firing' ? work(alert, repositories) : { alert, changed: false }
    })

  return {
    acknowledge: async (id, request) => {
      const attended = await attend(id, (alert, repositories) => acknowledgeIn(alert, request, repositories))
      if (attended.changed) onChange(id, 'acknowledged')
      return attended
    },
    silence: async (id, request) => {
      const attended = await attend(id, (alert, repositories) => silenceIn(alert, request, repositories))
      if (!attended.changed) return attended
      await quiets.reload()
      onChange(id, 'silenced')
      return attended
    },
    view: async (id, language) => {
      const alert = await storage.alerts.byId(id)
      if (!alert) return undefined
      const { rule = { id: null, name: null }, monitor } = ruleOf(alert) ?? {}
      const message = messageOf(notificationFacts(alert, undefined, monitor, rule), {
        id: '',
        reason: alert.status === 'resolved' ? 'resolved' : 'first',
        alertId: id,
        url: null,
        delayedMs: 0,
        ack: ackFacts(alert, now()),
      })
      const { subject, lines } = renderMessage(message, { language, timeZone, now: now() })
      return { alert, subject, lines }
    },
  }
}
