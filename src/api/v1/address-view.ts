import type { AddressRecord, ContactTally, Tally, TargetTally } from '#core/address/address-record.ts'
import type { SeenAddress } from '#core/address/most-seen.ts'
import type { Neighbour } from '#core/address/neighbours.ts'
import type { Alert } from '#core/alert/alert.ts'
import type { ToldBan } from '#core/ban/ban-history.ts'
import type { VigiaEvent } from '#core/event/event.ts'
import { eventKind } from '#core/event/event.ts'
import { addressOf } from '#core/event/event-addresses.ts'
import type { RankedHost } from '#core/event/rank-hosts.ts'
import { iso } from '#lib/time/iso.ts'
import type { Looked } from '#storage/mentions.ts'
import { whyOf } from './alerts.ts'

/** How far back events were looked at: nothing is known of what is older. */
export const lookedView = ({ complete, since }: Looked) => ({ complete, looked_back_to: iso(since)! })

const tallyView = ({ count, worst, firstAt, lastAt }: Tally) => ({
  count,
  severity: worst,
  first_at: iso(firstAt)!,
  last_at: iso(lastAt)!,
})

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

const predictionView = ({ id, at, severity, data }: VigiaEvent) => ({
  event: id,
  at: iso(at)!,
  severity,
  /** From 0 to 1. */
  confidence: number(data.ml_confidence),
  reason: text(data.reason),
})

const correlationView = ({ id, at, severity, data }: VigiaEvent) => ({
  event: id,
  at: iso(at)!,
  severity,
  kinds: Array.isArray(data.kinds) ? data.kinds.filter((kind) => typeof kind === 'string') : [],
  reason: text(data.reason),
})

/** A ban that is over, or that only events tell of. */
export const toldBanView = (ban: ToldBan) => ({
  event: ban.event,
  ip: ban.ip,
  jail: ban.jail,
  since: iso(ban.since)!,
  until: iso(ban.until),
  over: ban.isOver,
  by: ban.by,
  reason: ban.reason,
  failures: ban.failures,
  lifted_by: ban.liftedBy,
})

/** Of an alert what a page about an address shows. */
export const alertLineView = (alert: Alert, address: string) => {
  const { id, subject, severity, status, since, resolvedAt, count, facts, data } = alert
  return {
    id,
    subject,
    severity,
    status,
    kind: eventKind({ ...data, type: facts.event_type ?? null }),
    /** False where the address only has a part in it. */
    about: addressOf({ subject, data }) === address,
    since: iso(since)!,
    resolved_at: iso(resolvedAt),
    count,
    ...whyOf(alert),
    reason: text(data.reason) ?? text(data.message),
  }
}

/** A monitor of ours that is one end of it. */
export type MonitorLink = { readonly id: number; readonly name: string } | null

const targetView = (target: TargetTally, monitorOf: (host: string) => MonitorLink) => ({
  host: target.host,
  port: target.port,
  jail: target.jail,
  monitor: target.host === null ? null : monitorOf(target.host),
  ...tallyView(target),
})

const contactView = (contact: ContactTally, monitorOf: (host: string) => MonitorLink) => ({
  address: contact.address,
  monitor: monitorOf(contact.address),
  ...tallyView(contact),
})

/** What the events about one address come to. */
export const recordView = (record: AddressRecord, monitorOf: (host: string) => MonitorLink) => ({
  first_seen: iso(record.all?.firstAt ?? null),
  last_seen: iso(record.all?.lastAt ?? null),
  severity: record.all?.worst ?? null,
  events: record.all?.count ?? 0,
  kinds: record.kinds.map(({ kind, isAbout, ...tally }) => ({ kind, about: isAbout, ...tallyView(tally) })),
  predictions: { count: record.counts.predictions, items: record.predictions.map(predictionView) },
  correlations: { count: record.counts.correlations, items: record.correlations.map(correlationView) },
  targets: record.targets.map((target) => targetView(target, monitorOf)),
  touched_by: record.contacts.map((contact) => contactView(contact, monitorOf)),
})

/** One of those who are like an address. */
export const neighbourView = ({ address, why, count, worst, lastAt, country, owner }: Neighbour) => ({
  address,
  why,
  events: count,
  severity: worst,
  last_at: iso(lastAt)!,
  country,
  owner,
})

/** One of those who were seen most. */
export const seenView = ({ address, alerts, count, worst, kinds, lastAt, country, owner }: SeenAddress) => ({
  address,
  open_alerts: alerts,
  events: count,
  severity: worst,
  kinds,
  last_at: iso(lastAt)!,
  country,
  owner,
})

export const rankedView = ({ ip, score, own, reasons }: RankedHost) => ({
  address: ip,
  score,
  own,
  reasons: reasons.map(({ lastAt, ...reason }) => ({ ...reason, last_at: iso(lastAt)! })),
})
