import { first } from './0001-first.ts'
import { results } from './0002-results.ts'
import { access } from './0003-access.ts'
import { rules } from './0004-rules.ts'
import { schedules } from './0005-schedules.ts'
import { deliveryLog } from './0007-delivery-log.ts'
import { decisionsByAlert } from './0010-decisions-by-alert.ts'
import type { Migration } from './migration.ts'

/** In order; append only. */
export const migrations: readonly Migration[] = [
  first,
  results,
  access,
  rules,
  schedules,
  deliveryLog,
  decisionsByAlert,
]
