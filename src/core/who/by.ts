import type { JsonObject } from '#lib/json.ts'

/** Who does something: as the audit log keeps it, and as people read it. */
export interface By {
  /** `user:NAME`, `token:NAME`, `cli`, `file`; of who came without a session `link:NAME` or a channel type: `telegram:NAME`. */
  readonly actor: string
  /** `Laura P. (by link)`. */
  readonly name: string
  readonly address: string | null
  /** What they asked for in their own words, kept with the entry; never a secret. */
  readonly asked?: JsonObject
}
