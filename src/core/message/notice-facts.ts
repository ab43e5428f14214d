import { type Notice, noticeSeverity } from './notice.ts'
import type { NotificationFacts } from './notification-facts.ts'

/** What a notification of a notice keeps. `since`: of what it tells, ms. */
export const noticeFacts = (notice: Notice, since: number): NotificationFacts => ({
  severity: noticeSeverity(notice),
  subject: notice.name,
  notice,
  since,
  monitor: null,
  target: null,
  state: null,
  previousState: null,
  cause: null,
  labels: {},
  rule: null,
})
