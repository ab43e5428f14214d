import { first } from './0001-first.ts'
import { results } from './0002-results.ts'
import { rules } from './0004-rules.ts'
import { security } from './0006-security.ts'
import type { Migration } from './migration.ts'

/** In order; append only. */
export const migrations: readonly Migration[] = [first, results, rules, security]
