import type { NewEvent, VigiaEvent } from '#core/event/event.ts'
import { alertOfEvent, PROMETHEUS_EVENT, type PrometheusAlert, prometheusEvent } from '#core/event/prometheus-alert.ts'

/** An alert that fires, as it was sent last. */
export interface FiringAlert extends PrometheusAlert {
  readonly updatedAt: number
}

export interface AlertBookDeps {
  readonly now: () => number
  readonly ingest: (events: readonly NewEvent[]) => Promise<readonly number[]>
  /** Stored events of a type, newest first; none when there are no more. */
  readonly events: (filter: {
    readonly type: string
    readonly limit: number
    readonly before?: number
  }) => Promise<readonly VigiaEvent[]>
}

export interface AlertBook {
  /** Takes over what was sent. False when more fire than are kept: nothing of it was taken. */
  put(alerts: readonly PrometheusAlert[]): Promise<boolean>
  /** Ends what was to be sent again and was not. */
  expire(): Promise<void>
  firing(): Promise<readonly FiringAlert[]>
}

/** More than this fire at once only when something is wrong with who sends them. */
const MOST_FIRING = 20_000
/** Labels and annotations of all of them together, in characters. */
const MOST_TEXT = 64 * 1024 * 1024
/** Events that are stored in one transaction. */
const BATCH = 500
/** Stored events that are looked through at the start. */
const REMEMBERED = 10_000
const PAGE = 1000
/** What fired when the server stopped may be sent again for so long before it counts as ended, ms. */
const GRACE_MS = 5 * 60_000

const textOf = ({ labels, annotations }: PrometheusAlert): number =>
  [labels, annotations].flatMap(Object.entries).reduce((sum, [name, value]) => sum + name.length + value.length, 0)

/**
 * Which alerts of Prometheus fire. It tells each beginning and each end once, as an event: what is sent again says only
 * that it lasts. An alert that is not sent again by its end has ended. What fires is found again after a restart in the
 * stored events.
 */
export const createAlertBook = ({ now, ingest, events }: AlertBookDeps): AlertBook => {
  const firing = new Map<string, FiringAlert>()
  let text = 0
  let restored = false
  /** One at a time: two servers of Prometheus send the same alert at the same moment. */
  let last: Promise<unknown> = Promise.resolve()

  const keep = (alert: FiringAlert) => {
    forget(alert.fingerprint)
    firing.set(alert.fingerprint, alert)
    text += textOf(alert)
  }
  const forget = (fingerprint: string) => {
    const known = firing.get(fingerprint)
    if (!known) return
    firing.delete(fingerprint)
    text -= textOf(known)
  }

  /** How much more there is to keep with an alert; what fires already may have come with longer annotations. */
  const grownBy = (alert: PrometheusAlert): number => {
    const known = firing.get(alert.fingerprint)
    return textOf(alert) - (known ? textOf(known) : 0)
  }

  const restore = async () => {
    if (restored) return
    const seen = new Set<string>()
    let before: number | undefined
    for (let read = 0; read < REMEMBERED; ) {
      const page = await events({ type: PROMETHEUS_EVENT, limit: PAGE, ...(before !== undefined && { before }) })
      for (const event of page) {
        const alert = alertOfEvent(event)
        if (!alert || seen.has(alert.fingerprint)) continue
        seen.add(alert.fingerprint)
        if (event.data.status !== 'firing') continue
        keep({ ...alert, endsAt: Math.max(alert.endsAt, now() + GRACE_MS), updatedAt: event.receivedAt })
      }
      if (page.length === 0) break
      before = page.at(-1)!.id
      read += page.length
    }
    restored = true
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(restore).then(work)
    last = mine.catch(() => {})
    return mine
  }

  /** Stores what some alerts mean, and only then believes it. */
  const take = async (alerts: readonly PrometheusAlert[]) => {
    const at = now()
    const changed = new Map<string, FiringAlert | undefined>()
    const told: NewEvent[] = []
    for (const alert of alerts) {
      const { fingerprint } = alert
      const known = changed.has(fingerprint) ? changed.get(fingerprint) : firing.get(fingerprint)
      const ended = alert.endsAt <= at
      if (ended && known) told.push(prometheusEvent({ ...alert, startsAt: known.startsAt }, 'resolved', at))
      if (!ended && !known) told.push(prometheusEvent(alert, 'firing', at))
      if (ended) changed.set(fingerprint, undefined)
      else changed.set(fingerprint, { ...alert, startsAt: known?.startsAt ?? alert.startsAt, updatedAt: at })
    }
    if (told.length > 0) await ingest(told)
    for (const [fingerprint, alert] of changed) {
      if (alert) keep(alert)
      else forget(fingerprint)
    }
  }

  const takeAll = async (alerts: readonly PrometheusAlert[]) => {
    for (let from = 0; from < alerts.length; from += BATCH) await take(alerts.slice(from, from + BATCH))
  }

  return {
    put: (alerts) =>
      inTurn(async () => {
        const at = now()
        const lasting = alerts.filter(({ endsAt }) => endsAt > at)
        const fresh = lasting.filter(({ fingerprint }) => !firing.has(fingerprint))
        const more = lasting.reduce((sum, alert) => sum + grownBy(alert), text)
        if (firing.size + fresh.length > MOST_FIRING || more > MOST_TEXT) return false
        await takeAll(alerts)
        return true
      }),
    expire: () =>
      inTurn(async () => {
        const at = now()
        await takeAll([...firing.values()].filter(({ endsAt }) => endsAt <= at))
      }),
    firing: () => inTurn(async () => [...firing.values()]),
  }
}
