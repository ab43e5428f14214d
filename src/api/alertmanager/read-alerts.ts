import { type PrometheusAlert, prometheusAlert } from '#core/event/prometheus-alert.ts'
import { isObject } from '#lib/json.ts'
import { type Refusal, unreadable } from './answers.ts'
import { readTime } from './time.ts'

/** What a batch holds: the alerts that are sound, and what is wrong with the others. */
export interface AlertBatch {
  readonly alerts: readonly PrometheusAlert[]
  readonly problems: readonly string[]
}

type Labels = Readonly<Record<string, string>>

/** An alert that names no end lasts so long after it was sent last, as Alertmanager's `resolve_timeout`. */
const RESOLVE_TIMEOUT_MS = 5 * 60_000
/** Labels and annotations of one alert, in characters. */
const LARGEST_ALERT = 64 * 1024
const MOST_PROBLEMS = 100
const SHOWN = 60
/** Names of Prometheus, and the dot of OpenTelemetry's. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/

const isRefusal = (value: object): value is Refusal => 'status' in value

const labelsOf = (value: unknown, what: string): Labels | Refusal => {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) return unreadable(`parsing alerts body failed: ${what} must be an object of strings`)
  for (const [name, one] of Object.entries(value))
    if (typeof one !== 'string')
      return unreadable(`parsing alerts body failed: ${what}.${name.slice(0, SHOWN)} must be a string`)
  return value as Labels
}

const badName = (labels: Labels): string | undefined => Object.keys(labels).find((name) => !NAME.test(name))

const withoutEmpty = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))

const sizeOf = (labels: Labels): number =>
  Object.entries(labels).reduce((sum, [name, value]) => sum + name.length + value.length, 0)

/** What is wrong with an alert whose shape is right. */
const problemOf = ({ labels, annotations, startsAt, endsAt }: Omit<PrometheusAlert, 'fingerprint'>) => {
  if (startsAt > endsAt) return 'start time must be before end time'
  if (Object.keys(labels).length === 0) return 'at least one label pair required'
  const name = badName(labels)
  if (name !== undefined) return `invalid label set: invalid name ${JSON.stringify(name.slice(0, SHOWN))}`
  const other = badName(annotations)
  if (other !== undefined) return `invalid annotations: invalid name ${JSON.stringify(other.slice(0, SHOWN))}`
  const size = sizeOf(labels) + sizeOf(annotations)
  return size > LARGEST_ALERT
    ? `labels and annotations of an alert have ${size} characters, at most ${LARGEST_ALERT} are kept`
    : undefined
}

const readAlert = (sent: unknown, index: number, now: number): PrometheusAlert | Refusal | string => {
  if (!isObject(sent)) return unreadable(`parsing alerts body failed: ${index} must be an alert`)
  if (sent.labels === undefined || sent.labels === null)
    return { status: 422, code: 602, message: `${index}.labels in body is required` }
  const labels = labelsOf(sent.labels, `${index}.labels`)
  if (isRefusal(labels)) return labels
  const annotations = labelsOf(sent.annotations, `${index}.annotations`)
  if (isRefusal(annotations)) return annotations
  const [begin, end] = [readTime(sent.startsAt), readTime(sent.endsAt)]
  if (begin === null || end === null) {
    const which = begin === null ? 'startsAt' : 'endsAt'
    return unreadable(`parsing alerts body failed: ${index}.${which} is no time, write 2026-12-31T23:59:59Z`)
  }
  const generatorUrl = typeof sent.generatorURL === 'string' ? sent.generatorURL.slice(0, LARGEST_ALERT) : ''
  const alert = {
    labels: withoutEmpty(labels),
    annotations,
    startsAt: begin ?? end ?? now,
    endsAt: end ?? now + RESOLVE_TIMEOUT_MS,
    generatorUrl,
  }
  return problemOf(alert) ?? prometheusAlert(alert)
}

/**
 * Reads a batch as Alertmanager does: one alert of the wrong shape refuses all of it, one that is wrong in itself only
 * itself. `breathe` is asked for a pause between alerts.
 */
export const readAlerts = async (
  body: unknown,
  now: number,
  breathe: () => Promise<void> | undefined,
): Promise<AlertBatch | Refusal> => {
  if (!Array.isArray(body)) return unreadable('parsing alerts body failed: it must be an array of alerts')
  const alerts: PrometheusAlert[] = []
  const problems: string[] = []
  for (const [index, sent] of body.entries()) {
    const read = readAlert(sent, index, now)
    if (typeof read === 'string') {
      if (problems.length < MOST_PROBLEMS) problems.push(read)
    } else if (isRefusal(read)) return read
    else alerts.push(read)
    await breathe()
  }
  return { alerts, problems }
}
