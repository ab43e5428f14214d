import type { JsonObject } from '#lib/json.ts'
import { labelFingerprint } from '#lib/text/label-fingerprint.ts'
import { iso } from '#lib/time/iso.ts'
import type { NewEvent, VigiaEvent } from './event.ts'
import type { Severity } from './severity.ts'

type Labels = Readonly<Record<string, string>>

/** An alert as Alertmanager's API brings it, with its dates settled. Times in ms. */
export interface PrometheusAlert {
  /** Sixteen hexadecimal digits over the labels: its identity. */
  readonly fingerprint: string
  readonly labels: Labels
  readonly annotations: Labels
  readonly startsAt: number
  /** In the past: it has ended. In the future: it ends then, unless it is sent again. */
  readonly endsAt: number
  readonly generatorUrl: string
}

export const PROMETHEUS_EVENT = 'prometheus_alert'
/** The source of its events; what others post under the type is not ours to trust. */
export const PROMETHEUS_SOURCE = 'alertmanager'

const LONGEST_SUBJECT = 300

const SEVERITY_OF: Readonly<Record<string, Severity>> = {
  critical: 'CRITICAL',
  page: 'CRITICAL',
  emergency: 'CRITICAL',
  high: 'HIGH',
  error: 'HIGH',
  major: 'HIGH',
  warning: 'MEDIUM',
  warn: 'MEDIUM',
  medium: 'MEDIUM',
  minor: 'MEDIUM',
  info: 'LOW',
  low: 'LOW',
  none: 'LOW',
}

/** Severity by the label `severity`; an alert that names none, or one that we do not know, counts as a warning. */
const severityOfLabel = (label: string | undefined): Severity => SEVERITY_OF[(label ?? '').toLowerCase()] ?? 'MEDIUM'

/** Names that mean something else in an alert of ours: such a label is found under `labels.NAME` only. */
const OURS = new Set(['monitor', 'target', 'state', 'previous_state', 'code', 'since', 'flapping', 'attempts', 'type'])

const fields = (labels: Labels): JsonObject =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !OURS.has(name)))

/**
 * The event that tells that an alert fires or has ended. Labels and annotations are fields of their own, and stand
 * together under `labels` and `annotations`. It is dated from now: what still lasts is news, however long ago it began.
 */
export const prometheusEvent = (alert: PrometheusAlert, status: 'firing' | 'resolved', now: number): NewEvent => {
  const { fingerprint, labels, annotations, startsAt, endsAt, generatorUrl } = alert
  const cause = annotations.summary || annotations.description || annotations.message
  return {
    type: PROMETHEUS_EVENT,
    source: PROMETHEUS_SOURCE,
    severity: severityOfLabel(labels.severity),
    subject: (labels.instance || labels.alertname || 'alert').replaceAll('\0', '').slice(0, LONGEST_SUBJECT),
    at: status === 'firing' ? now : Math.min(endsAt, now),
    receivedAt: now,
    monitorId: null,
    data: {
      ...fields(annotations),
      ...fields(labels),
      status,
      ...(cause && { cause }),
      starts_at: iso(startsAt),
      ends_at: iso(endsAt),
      since: Math.min(startsAt, now),
      fingerprint,
      ...(generatorUrl && { generator_url: generatorUrl }),
      labels,
      annotations,
    },
  }
}

const isLabels = (value: unknown): value is Labels =>
  typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string')

/** The alert that an event of ours told of; undefined for any other event. */
export const alertOfEvent = ({ type, source, data }: VigiaEvent): PrometheusAlert | undefined => {
  const { fingerprint, labels, annotations, generator_url: generatorUrl } = data
  if (type !== PROMETHEUS_EVENT || source !== PROMETHEUS_SOURCE || typeof fingerprint !== 'string') return undefined
  if (!isLabels(labels) || !isLabels(annotations)) return undefined
  return {
    fingerprint,
    labels,
    annotations,
    startsAt: Date.parse(String(data.starts_at)),
    endsAt: Date.parse(String(data.ends_at)),
    generatorUrl: typeof generatorUrl === 'string' ? generatorUrl : '',
  }
}

/** An alert with its identity. */
export const prometheusAlert = (alert: Omit<PrometheusAlert, 'fingerprint'>): PrometheusAlert => ({
  ...alert,
  fingerprint: labelFingerprint(alert.labels),
})
