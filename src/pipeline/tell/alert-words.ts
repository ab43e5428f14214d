import { ackFacts } from '#core/alert/alert.ts'
import type { AlertWords } from '#core/alert/attention.ts'
import type { AffectedFacts, Language } from '#core/message/message.ts'
import { messageOf, notificationFacts } from '#core/message/notification-facts.ts'
import type { Storage } from '#storage/index.ts'
import { renderMessage } from '#templates/render.ts'
import type { TickDeps } from '../decide/tick-deps.ts'

export interface AlertWordsDeps {
  readonly storage: Pick<Storage, 'alerts'>
  readonly ruleOf: TickDeps['ruleOf']
  /** What stands behind a monitor now. */
  readonly affected: (monitorId: number) => AffectedFacts | undefined
  readonly now: () => number
  /** The server's. */
  readonly timeZone: () => string
}

/** An alert in words, as its message would tell it now; undefined when there is none. */
export const alertWords = async (
  id: number,
  language: Language,
  { storage, ruleOf, affected, now, timeZone }: AlertWordsDeps,
): Promise<AlertWords | undefined> => {
  const alert = await storage.alerts.byId(id)
  if (!alert) return undefined
  const { rule = { id: null, name: null }, monitor } = ruleOf(alert) ?? {}
  const behind = monitor && alert.status === 'firing' ? affected(monitor.id) : undefined
  const facts = { ...notificationFacts(alert, undefined, monitor, rule), ...(behind && { affected: behind }) }
  const message = messageOf(facts, {
    id: '',
    reason: alert.status === 'resolved' ? 'resolved' : 'first',
    alertId: id,
    url: null,
    delayedMs: 0,
    ack: ackFacts(alert, now()),
  })
  const { subject, lines } = renderMessage(message, { language, timeZone: timeZone(), now: now() })
  return { alert, subject, lines }
}
