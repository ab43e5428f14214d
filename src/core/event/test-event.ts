import type { JsonObject } from '#lib/json.ts'
import type { Monitor } from '../monitor/monitor.ts'
import { DETECTION_FIELD } from './detection.ts'
import type { NewEvent } from './event.ts'
import { sampleEvents } from './sample-events.ts'

/** The type of a test that stands for no event in particular. */
export const TEST_TYPE = 'manual_test'

const SOURCE = 'test'

/** Whom it is about where nothing says so. */
const NOBODY = 'Vigía'

/** Times that an example tells of: it is told as if it were so now. */
const MOMENTS = ['first_seen', 'last_seen', 'timestamp'] as const

/** An example's fields, of now. Why it was is said by its other fields in the reader's language. */
const asOfNow = ({ reason: _, bantime, expiry, ...data }: JsonObject, now: number): JsonObject => ({
  ...data,
  ...Object.fromEntries(MOMENTS.filter((name) => name in data).map((name) => [name, new Date(now).toISOString()])),
  ...(typeof bantime === 'number' && { bantime, expiry: new Date(now + bantime * 1000).toISOString() }),
  ...('since' in data && { since: now }),
})

/** The example that is most like what was asked for: of a detection, one of its kind. */
const exampleOf = ({ type, data }: NewEvent, now: number): NewEvent | undefined => {
  const examples = sampleEvents(type, now)
  const kind = data[DETECTION_FIELD]
  const like = kind === undefined ? examples : examples.filter((one) => one.data[DETECTION_FIELD] === kind)
  return like[0]
}

/**
 * An event to try rules and channels with: what was asked for, above the fields that events of its type come with. It is
 * never stored. `asked.subject` is the type where nobody said whom it is about.
 */
export const testEvent = (asked: NewEvent, now: number): NewEvent => {
  const example = exampleOf(asked, now)
  const data = { ...(example && asOfNow(example.data, now)), ...asked.data }
  const subject = asked.subject === asked.type ? (example?.subject ?? NOBODY) : asked.subject
  return { ...asked, source: SOURCE, subject, data }
}

/** The same of a monitor: as if it were down since now. Severity and labels are its own where nothing else was asked for. */
export const testOfMonitor = (
  { monitor, target }: { readonly monitor: Monitor; readonly target: string },
  asked: Pick<NewEvent, 'data'> & Partial<Pick<NewEvent, 'severity'>>,
  now: number,
): NewEvent => ({
  type: 'monitor_state',
  source: SOURCE,
  severity: asked.severity ?? monitor.severity,
  subject: monitor.name,
  at: now,
  receivedAt: now,
  monitorId: monitor.id,
  data: {
    monitor: monitor.name,
    target,
    state: 'down',
    previous_state: 'up',
    since: now,
    labels: monitor.labels,
    ...asked.data,
  },
})
