import { because, type Cause } from '#core/cause/cause.ts'
import { labelsOf, type NewEvent } from '#core/event/event.ts'
import type { Message } from '#core/message/message.ts'
import { type MessageEnvelope, messageOf, type NotificationFacts } from '#core/message/notification-facts.ts'
import type { JsonObject } from '#lib/json.ts'
import { inEnglish } from '#templates/said.ts'

/** One message as people get it, with what it is about. */
export interface MessageCase {
  readonly name: string
  readonly message: Message
  /** When it is written, ms. */
  readonly now: number
  /** Buttons and links that acknowledge are offered. */
  readonly open: boolean
}

export const TIME_ZONE = 'America/Argentina/Cordoba'
const URL = 'https://vigia.isp.example'

/** A moment of the night that all cases tell of, ms. */
export const at = (time: string): number => Date.parse(`2026-11-21T${time}-03:00`)

export const SINCE = at('03:12:04')

type Facts = Partial<NotificationFacts>
type Envelope = Partial<MessageEnvelope>

const BASE: NotificationFacts = {
  severity: 'HIGH',
  subject: '',
  monitor: null,
  target: null,
  state: null,
  previousState: null,
  since: SINCE,
  cause: null,
  labels: {},
  rule: null,
}

/** A cause as a notification keeps it. */
export const told = (cause: Cause): Pick<NotificationFacts, 'cause' | 'causeCode' | 'causeFacts'> => ({
  cause: inEnglish(cause),
  causeCode: cause.code,
  causeFacts: cause.facts as unknown as JsonObject,
})

const ALERT = 1247

/** A message of these facts, written at `now`, by the way that those of a running server come. */
export const messageCase = (
  name: string,
  reason: MessageEnvelope['reason'],
  facts: Facts,
  now: number = (facts.since ?? SINCE) + 41_000,
  envelope: Envelope = {},
): MessageCase => {
  const open = !['resolved', 'test', 'digest', 'notice'].includes(reason)
  const alertId = reason === 'digest' || reason === 'test' ? null : ALERT
  return {
    name,
    now,
    open,
    message: messageOf(
      { ...BASE, ...facts },
      {
        id: '0198d2c4-5b7e-4f5a-9f1c-7b38fc213a01',
        reason,
        alertId,
        url: reason === 'test' ? null : `${URL}/alerts/${alertId ?? 'active'}`,
        delayedMs: 0,
        ackUrl: open ? `${URL}/ack/${ALERT}.Jx0cQ2uT` : undefined,
        ...envelope,
      },
    ),
  }
}

/** A recovery of these facts that came `durationMs` after they began. */
export const recovery = (name: string, facts: Facts, durationMs: number, envelope: Envelope = {}): MessageCase => {
  const { since = SINCE } = facts
  const ended = { durationMs, resolvedBy: 'recovery' as const, ...facts }
  return messageCase(name, 'resolved', ended, since + durationMs + (facts.unwatchedMs ?? 0) + 2000, envelope)
}

/** The facts of an alert about no monitor, which an event opened. */
export const eventFacts = (
  { type, severity, subject, data }: Pick<NewEvent, 'type' | 'severity' | 'subject'> & { readonly data: JsonObject },
  facts: Facts = {},
): Facts => ({
  severity,
  subject,
  ...(typeof data.cause === 'string' && { cause: data.cause }),
  ...(typeof data.cause_code === 'string' && {
    causeCode: data.cause_code,
    causeFacts: (data.cause_facts ?? {}) as JsonObject,
  }),
  labels: labelsOf(data),
  event: { type, data },
  ...facts,
})

export const refused = told(because('connection_refused', { target: '10.4.2.9:443' }))
