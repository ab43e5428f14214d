import { first } from './0001-first.ts'
import { results } from './0002-results.ts'
import { access } from './0003-access.ts'
import { rules } from './0004-rules.ts'
import { schedules } from './0005-schedules.ts'
import { security } from './0006-security.ts'
import { deliveryLog } from './0007-delivery-log.ts'
import { outbox } from './0008-outbox.ts'
import { noise } from './0009-noise.ts'
import { attention } from './0010-attention.ts'
import { paths } from './0011-paths.ts'
import { gathered } from './0012-gathered.ts'
import { decisionsByAlert } from './0020-decisions-by-alert.ts'
import { spread } from './0021-spread.ts'
import { served } from './0022-served.ts'
import { orderBySubject } from './0023-order-by-subject.ts'
import { told } from './0024-told.ts'
import { knownPlaces } from './0025-known-places.ts'
import { missedEnds } from './0026-missed-ends.ts'
import { removedAlerts } from './0027-removed-alerts.ts'
import { resultSenders } from './0028-result-senders.ts'
import { facts } from './0029-facts.ts'
import { plannedOnce } from './0030-planned-once.ts'
import { causes } from './0031-causes.ts'
import { deliveryCauses } from './0032-delivery-causes.ts'
import { plannedWork } from './0033-planned-work.ts'
import { shiftLog } from './0034-shift-log.ts'
import { duty } from './0035-duty.ts'
import { imports } from './0036-imports.ts'
import { finding } from './0037-finding.ts'
import { places } from './0038-places.ts'
import { firstLook } from './0039-first-look.ts'
import { pausedAt } from './0040-paused-at.ts'
import type { Migration } from './migration.ts'

/** In order; append only. */
export const migrations: readonly Migration[] = [
  first,
  results,
  access,
  rules,
  schedules,
  security,
  deliveryLog,
  outbox,
  noise,
  attention,
  paths,
  gathered,
  decisionsByAlert,
  spread,
  served,
  orderBySubject,
  told,
  knownPlaces,
  missedEnds,
  removedAlerts,
  resultSenders,
  facts,
  plannedOnce,
  causes,
  deliveryCauses,
  plannedWork,
  shiftLog,
  duty,
  imports,
  finding,
  places,
  firstLook,
  pausedAt,
]
