import type { Message } from '#core/message/message.ts'
import { type Said, says } from '#core/said.ts'

/** The fields of a message that a template may name; those that hold fields of any name are `true`. */
const FIELDS: Readonly<Record<keyof Message, boolean>> = {
  id: false,
  reason: false,
  severity: false,
  subject: false,
  title: false,
  message: false,
  monitor: false,
  target: false,
  state: false,
  previous_state: false,
  since: false,
  duration_ms: false,
  unwatched_ms: false,
  cause: false,
  cause_code: false,
  cause_facts: true,
  code: false,
  labels: true,
  rule: false,
  alert: false,
  url: false,
  description: false,
  location: false,
  runbook: false,
  reminder_number: false,
  next_notice: false,
  attempts: false,
  quality: true,
  last_hop: false,
  last_hop_monitor: false,
  path_changed: false,
  answers_ping: false,
  affected: true,
  flapping: true,
  rate: true,
  why: true,
  group: true,
  ack: true,
  ack_url: false,
  instead_of: false,
  delayed_ms: false,
  meanwhile: true,
  resolved_by: false,
  closed_by: false,
  items: true,
  event: true,
  notice: true,
}

/** Why a path such as `labels.site` names nothing; undefined when it may name something. */
export const unknownField = (path: string): Said | undefined => {
  const [name = '', ...within] = path.split('.')
  if (!Object.hasOwn(FIELDS, name)) {
    const known = Object.keys(FIELDS).join(' ')
    return says(
      `${path} is no field of a message; known are: ${known}; fields of an event stand below event, as {{ event.ip }}`,
      `${path} no es un campo de un mensaje; hay: ${known}; los campos de un evento están dentro de event, como {{ event.ip }}`,
    )
  }
  return within.length > 0 && !FIELDS[name as keyof Message]
    ? says(`${name} holds no fields of its own`, `${name} no tiene campos propios`)
    : undefined
}
