import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import { lazily } from '../run/lazily.ts'

/** Regular expressions by RE2. Loaded with the first pattern: its tables take a megabyte in each thread. */
export const loadRe2: () => typeof RE2JS = lazily(() => createRequire(import.meta.url)('re2js').RE2JS)
