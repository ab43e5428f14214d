import { eventCause, fieldsSaid } from '#core/event/event-cause.ts'
import type { Message } from '#core/message/message.ts'
import { own } from '#lib/own.ts'
import { oneLine } from '#lib/text/one-line.ts'
import { fitText, type Times } from './format.ts'
import { isAboutServer } from './scene.ts'
import type { Texts } from './texts/index.ts'

const MOST_FIELDS = 12
const LONGEST_VALUE = 200

/** What names an event or its cause stands above; the last are for programs. */
const ABOVE = new Set([
  'type',
  'labels',
  'annotations',
  'detection_type',
  'problem',
  'cause',
  'fingerprint',
  'subject',
  'severity',
  'at',
])

/** Whether the message says this field elsewhere already. */
const isSaid = (
  key: string,
  value: unknown,
  { cause, cause_code, labels, since, subject, event, closed_by, rate }: Message,
): boolean =>
  ABOVE.has(key) ||
  value === cause ||
  (key === 'ip' && value === subject) ||
  // Of one among many, by chance the last.
  (rate?.distinct !== undefined && (key === rate.distinct || key === 'expiry')) ||
  (key === 'cause_code' && value === cause_code) ||
  value === labels[key] ||
  ((key === 'status' || key === 'state') && (value === 'firing' || value === 'resolved')) ||
  (key === 'event_type' && value === event?.type) ||
  (key === 'closed_by' && value === closed_by) ||
  (key === 'since' && value === Date.parse(since)) ||
  // Begin and end as Prometheus sent them.
  (event?.fingerprint !== undefined && (key === 'starts_at' || key === 'ends_at'))

/** What programs write for a moment: with a zone, or it would be anybody's. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

const shown = (value: unknown, times: Times): string => {
  const text = oneLine(String(value))
  return MOMENT.test(text) && !Number.isNaN(Date.parse(text))
    ? times.second(Date.parse(text))
    : fitText(text, LONGEST_VALUE)
}

/** Fields that are told in one line with another. */
const joined = ({ first_seen, last_seen, dest_ip, dest_port, ...rest }: Record<string, unknown>, times: Times) => ({
  ...rest,
  ...(dest_ip !== undefined && {
    destination: dest_port === undefined ? dest_ip : `${String(dest_ip)}:${String(dest_port)}`,
  }),
  ...(dest_ip === undefined && dest_port !== undefined && { dest_port }),
  ...(typeof first_seen === 'string' && typeof last_seen === 'string'
    ? { seen: [...new Set([shown(first_seen, times), shown(last_seen, times)])].join(' – ') }
    : { first_seen, last_seen }),
})

/** An event's own fields, a line each: those that no sentence of the message says, all times in the message's zone. */
export const eventFieldLines = (message: Message, words: Texts, times: Times): string[] => {
  const { event = {}, rate } = message
  if (isAboutServer(message)) return []
  const cause = eventCause(event)
  const isTold = cause !== undefined || rate !== undefined || event.problem !== undefined
  const said = isTold ? fieldsSaid(event) : new Set<string>()
  const untold = Object.entries(event).filter(
    ([key, value]) => !isSaid(key, value, message) && !said.has(key) && value !== cause?.facts.words,
  )
  return Object.entries(joined(Object.fromEntries(untold), times))
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, MOST_FIELDS)
    .map(([key, value]) => `${own<string>(words.fields, key) ?? key}: ${shown(value, times)}`)
}
