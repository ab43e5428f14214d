import { first } from './0001-first.ts'
import { results } from './0002-results.ts'
import { access } from './0003-access.ts'
import type { Migration } from './migration.ts'

/** In order; append only. */
export const migrations: readonly Migration[] = [first, results, access]
